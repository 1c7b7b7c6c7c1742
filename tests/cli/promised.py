"""What the command line promises to scripts: commands, their options, and what they print with --json."""

PROMISED: dict[str, str] = {
    "demo": "--no-tui --port --keep",
    "serve": "--host --port --workers --tls-cert --tls-key --behind-proxy",
    "tui": "",
    "login": "--device",
    "logout": "",
    "whoami": "",
    "doctor": "",
    "clinic create": "--timezone --slug",
    "clinic list": "",
    "clinic show": "",
    "clinic set-timezone": "--preview",
    "clinic close": "--reason --dry-run",
    "clinic holidays": "--dry-run",
    **{
        f"{thing} {verb}": ""
        for thing in ("location", "room", "equipment", "service", "provider")
        for verb in ("list", "show", "edit", "retire")
    },
    "location add": "",
    "room add": "",
    "equipment add": "--type --quantity",
    "service add": "--duration --buffer-before --buffer-after --step --capacity --price --modality"
    " --room-type --equipment-type",
    "service rule add": "",
    "service rule list": "",
    "service rule remove": "",
    "provider add": "--specialty --service",
    "provider set-hours": "--from --until --json-file --dry-run",
    "provider time-off": "--reason --rrule",
    "provider import-ics": "--dry-run",
    "provider sick-day": "--plan --apply --dry-run",
    "patient add": "--dob --phone --email",
    "patient find": "",
    "patient show": "",
    "user add": "--role --provider --patient",
    "user list": "",
    "user disable": "",
    "user set-password": "",
    "token create": "--role --patient --expires",
    "token list": "",
    "token revoke": "",
    "free": "--on --days",
    "why": "",
    "book": "--room --overbook",
    "move": "",
    "cancel": "--reason",
    "status": "",
    "appointments": "--date --provider --patient --status",
    "show": "--audit",
    "day-sheet": "--provider --pdf",
    "waitlist add": "",
    "waitlist list": "",
    "waitlist remove": "",
    **{
        f"import {kind}": "--map --dry-run --on-conflict"
        for kind in ("patients", "providers", "appointments")
    },
    "import revert": "--dry-run",
    **{f"export {kind}": "--from --to --format -o" for kind in ("appointments", "log")},
    "export patients": "--format -o",
    **{f"bulk {verb}": "--provider --from --to --dry-run" for verb in ("cancel", "move", "reassign")},
    "replay-projection": "--provider --from --to --check",
    "explain": "",
    "log": "--follow --since --type",
    "parked list": "",
    "parked show": "",
    "parked retry": "--dry-run",
    "parked drop": "--dry-run",
    **{
        f"report {name}": "--from --to --plot" for name in ("volume", "no-shows", "utilization", "peak-hours")
    },
    "rehearse-dst": "--zone --year",
    "db upgrade": "--dry-run",
    "db status": "",
    "db backup": "",
    "db restore": "--dry-run",
    "db archive": "--before --dry-run",
}
"""Options may be added to a command, and none of these is ever renamed."""

CHANGED = "PATCH /v1/clinics/{clinic_id}/appointments/{appointment_id}"
WINDOWS = "/v1/providers/{resource_id}/windows"
ANSWERS: dict[str, str] = {
    "login": "GET /v1/auth/me",
    "whoami": "GET /v1/auth/me",
    "free": "GET /v1/providers/{provider_id}/availability timeslots",
    "why": "POST /v1/availability/check",
    "explain": "GET /v1/admin/explain-availability",
    "book": "POST /v1/clinics/{clinic_id}/appointments appointment",
    "walk-in": "POST /v1/clinics/{clinic_id}/walk-ins appointment",
    "appointments": "GET /v1/clinics/{clinic_id}/appointments items",
    "show": "GET /v1/appointments/{appointment_id}",
    "move": CHANGED,
    "cancel": "POST /v1/appointments/{appointment_id}/cancel",
    "status": CHANGED,
    "day-sheet": "GET /v1/clinics/{clinic_id}/appointments items",
    "replay-projection": "POST /v1/admin/replay",
    "rehearse-dst": "GET /v1/admin/clock-changes",
    "log": "GET /v1/log items",
    "clinic create": "POST /v1/clinics",
    "clinic list": "GET /v1/clinics items",
    "clinic show": "GET /v1/clinics/{clinic_id}",
    "clinic edit": "PATCH /v1/clinics/{clinic_id}",
    "clinic set-timezone": "GET /v1/clinics/{clinic_id}/timezone-preview",
    "clinic close": "POST /v1/closures",
    "clinic holidays": "POST /v1/closures/holidays",
    "clinic closures": "GET /v1/closures items",
    "clinic reopen": "DELETE /v1/closures/{closure_id} []",
    **{
        f"{thing} {verb}": route
        for thing, things in (
            ("location", "locations"),
            ("room", "rooms"),
            ("equipment", "equipment"),
            ("service", "services"),
            ("provider", "providers"),
        )
        for verb, route in (
            ("add", f"POST /v1/{things}"),
            ("list", f"GET /v1/{things} items"),
            ("show", f"GET /v1/{things}/{{{thing}_id}}"),
            ("edit", f"PATCH /v1/{things}/{{{thing}_id}}"),
            ("retire", f"DELETE /v1/{things}/{{thing_id}}"),
        )
    },
    "service rule add": "POST /v1/services/{service_id}/rules",
    "service rule list": "GET /v1/services/{service_id}/rules items",
    "service rule remove": "DELETE /v1/services/{service_id}/rules/{rule_id}",
    "provider set-hours": "PUT /v1/providers/{provider_id}/schedule",
    "provider time-off": f"POST {WINDOWS}",
    "provider late": "PUT /v1/providers/{provider_id}/delay",
    "provider windows": f"GET {WINDOWS} items",
    "provider import-ics": "POST /v1/providers/{provider_id}/windows/import",
    "provider sick-day": "POST /v1/providers/{provider_id}/sick-days",
    "patient add": "POST /v1/patients",
    "patient find": "GET /v1/patients items",
    "patient show": "GET /v1/patients/{patient_id}",
    "user add": "POST /v1/users",
    "user list": "GET /v1/users items",
    "user disable": "PATCH /v1/users/{user_id}",
    "user enable": "PATCH /v1/users/{user_id}",
    "user set-password": "POST /v1/users/{user_id}/password",
    "token create": "POST /v1/api-keys",
    "token list": "GET /v1/api-keys items",
    "waitlist add": "POST /v1/waitlist",
    "waitlist list": "GET /v1/waitlist items",
    "waitlist accept": "POST /v1/waitlist/{entry_id}/accept",
    "waitlist decline": "POST /v1/waitlist/{entry_id}/decline",
    "waitlist remove": "DELETE /v1/waitlist/{entry_id}",
    "series show": "GET /v1/series/{series_id}",
    "series cancel": "POST /v1/series/{series_id}/cancel canceled",
    **{f"bulk {verb}": "POST /v1/jobs" for verb in ("cancel", "move", "reassign")},
    "bulk list": "GET /v1/jobs items",
    "bulk show": "GET /v1/jobs/{job_id}",
    "bulk stop": "POST /v1/jobs/{job_id}/stop",
    "bulk resume": "POST /v1/jobs/{job_id}/resume",
    "bulk undo": "POST /v1/jobs/{job_id}/undo",
    "import list": "GET /v1/imports items",
    "import show": "GET /v1/imports/{import_id}",
    "import revert": "POST /v1/imports/{import_id}/revert",
    "parked list": "GET /v1/parked items",
    "parked show": "GET /v1/parked/{parked_id}",
    "parked retry": "POST /v1/parked/{parked_id}/retry []",
    "parked drop": "POST /v1/parked/{parked_id}/drop []",
    "report volume": "GET /v1/reports/volume",
    "report no-shows": "GET /v1/reports/no-shows",
    "report utilization": "GET /v1/reports/utilization",
    "report peak-hours": "GET /v1/reports/peak-hours",
}
"""The route whose answer a command prints: of it a field, where that is named, or with [] several of it."""

OWN = {
    "config keys": "it tells of the desk, not of the server",
    "doctor": "it judges what no server tells, too",
    "logout": "its route answers nothing",
    "token revoke": "its route answers nothing",
    "db status": "it works on the database itself",
    "db upgrade": "it works on the database itself",
    "db backup": "it works on the database itself",
    "db restore": "it works on the database itself",
    "db archive": "it works on the database itself",
    "import patients": "it sums up what the server answered to many requests",
    "import providers": "it sums up what the server answered to many requests",
    "import appointments": "it sums up what the server answered to many requests",
}
"""Commands that print one JSON value of a shape of their own, with the reason."""

FILES = {
    "calendar": "a calendar file has a form of its own",
    "export appointments": "the file has the form that --format names",
    "export patients": "the file has the form that --format names",
    "export log": "the file has the form that --format names",
}
"""Commands that give a file, not a value."""

REFUSED = {
    "bulk stop": "the job of its example is over by then",
    "bulk resume": "the job of its example is over by then",
    "db restore": "a server runs on the database",
}
"""Commands whose example ends refused in the demo, with the reason."""

BY_CHANCE = {"walk-in": "whether anybody has time left today depends on the hour"}
"""Commands whose example may end refused, with the reason."""
