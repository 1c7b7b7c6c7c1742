"""`deskcal whoami`: which server, and as whom."""

import typer

from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card
from deskcal.cli.session import find_server, with_server
from deskcal.wire.people import Me


def whoami(context: typer.Context) -> None:
    """Tell which server is meant, and who you are there."""
    options = options_of(context)
    me = with_server(context, lambda client: client.me())
    introduce(options, find_server(options).url, me)


def introduce(options: Options, url: str, me: Me) -> None:
    """Print who somebody is to a server."""
    card(
        options,
        me,
        {
            "server": url,
            "user": me.email or me.sub,
            "role": me.role,
            "clinic": me.clinic_id or "all",
            "patient": me.patient_id,
            "provider": me.provider_id,
            "may": " ".join(me.scopes),
        },
    )
