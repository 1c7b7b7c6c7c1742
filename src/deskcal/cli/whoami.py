"""`deskcal whoami`: which server, and as whom."""

import typer

from deskcal.cli.options import options_of
from deskcal.cli.out import card
from deskcal.cli.session import find_server, with_server


def whoami(context: typer.Context) -> None:
    """Tell which server is meant, and who you are there."""
    options = options_of(context)
    me = with_server(context, lambda client: client.me())
    card(
        options,
        me,
        {
            "server": find_server(options).url,
            "role": me.role,
            "user": me.sub,
            "clinic": me.clinic_id or "all",
            "patient": me.patient_id,
            "provider": me.provider_id,
            "may": " ".join(me.scopes),
        },
    )
