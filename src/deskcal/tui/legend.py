"""What the marks mean, in one line."""

MARKS = "+ free  2 left few  * held here  ~ held elsewhere  name booked  | goes on  ... closed  > now"
STATUSES = "A arrived  S seated  L left  D no-show"
