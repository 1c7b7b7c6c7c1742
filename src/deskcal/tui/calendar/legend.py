"""What the marks mean, in one line."""

MARKS = "+ free  2 left  * held here  ~ other desk  name booked  | goes on  ... closed  > now"
STATUSES = "A here S room L left D no-show"
SHORT = "+ free  2 left  * here  ~ elsewhere  | goes on  ... closed  A S L D status"
