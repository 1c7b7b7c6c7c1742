"""What a call to the server can end in, other than an answer.

ClientError
├── Refused       the server said no             problem: the RFC 9457 answer
├── Unreachable   no server answered             url
└── Rejected      the live feed will never do    trying again does not help
"""

from deskcal.wire.problem import Problem


class ClientError(Exception):
    """Base of the tree; `str()` is a sentence for people."""


class Refused(ClientError):
    """The server answered with a problem; `problem.error` is its code."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class Unreachable(ClientError):
    """No deskcal server answered at `url`."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"No deskcal server answered at {url} ({why}). Start one with: deskcal serve")
        self.url = url


class Rejected(ClientError):
    """The feed does not take this token, or not for this channel."""
