"""Commands of the waitlist."""

from deskcal.tui.command import Command, bindings


class OnWaitlist(Command):
    """A command for somebody who waits."""

    group = "Lists"


class AcceptOffer(OnWaitlist):
    """Accept the offer."""

    keys, action, display, footer = "enter", "accept", "Enter", True


class DeclineOffer(OnWaitlist):
    """Decline the offer."""

    keys, action, footer = "x", "decline", True


class Withdraw(OnWaitlist):
    """Take off the waitlist."""

    keys, display, footer = "delete", "del", True


class PutOnWaitlist(OnWaitlist):
    """Put somebody on."""

    keys, footer = "W", True


class LeaveList(OnWaitlist):
    """Close."""

    keys, action, footer = "q", "leave", True


WAITLIST = bindings(AcceptOffer, DeclineOffer, Withdraw)
OVER = bindings(PutOnWaitlist, LeaveList)
