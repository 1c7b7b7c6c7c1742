"""One of everything that a clinic can have, made over HTTP, for those who try to get at it."""

from datetime import timedelta

import httpx

from deskcal.core.access import Role
from deskcal.store import log, readers
from deskcal.store.database import Database, WriteTx
from house import House

FILE = {"fileName": "people.csv", "fileHash": "0" * 64, "terms": {"kind": "patients"}}


async def parked(database: Database, house: House) -> str:
    """Put the first event of a clinic aside for ops; gives its name."""

    async def work(tx: WriteTx) -> str:
        [entry] = await log.since(tx, 0, limit=1)
        await readers.park(tx, "diary", entry, attempts=12, error="ValueError", next_try_at=None)
        return f"diary-{entry.seq}"

    return await database.write(house.clinic.id, work)


async def things(http: httpx.AsyncClient, house: House) -> dict[str, str]:
    """Make what a clinic has besides, on a day of its own; gives ids by the names that paths call them."""
    http.headers.update(house.headers(Role.ADMIN))
    later = (house.day + timedelta(days=7)).isoformat()
    off = {"kind": "unavailable", "start": later, "end": later, "allDay": True}
    window = await http.post(f"/v1/providers/{house.perez.id}/windows", json=off)
    rule = {"type": "max_daily", "payload": {"max_per_day": 9}}
    ruled = await http.post(f"/v1/services/{house.consult.id}/rules", json=rule)
    closed = await http.post("/v1/closures", json={"first": later})
    place = await http.post("/v1/locations", json={"name": "West wing"})
    pool = await http.post("/v1/equipment", json={"name": "X-ray", "type": "xray", "quantity": 1})
    wish = {"serviceId": str(house.consult.id), "patientId": str(house.patients[0].id)}
    waits = await http.post("/v1/waitlist", json=wish)
    shared = await http.post("/v1/calendars", json={"providerId": str(house.perez.id)})
    series = wish | {
        "providerId": str(house.perez.id),
        "start": f"{house.day} 16:00",
        "recurrenceRule": "FREQ=DAILY;COUNT=2",
    }
    recurs = await http.post(f"/v1/clinics/{house.clinic.id}/series", json=series)
    day = house.day.isoformat()
    work = {"kind": "cancel", "from": day, "to": day, "providerId": str(house.chen.id)}
    job = await http.post("/v1/jobs", json=work)
    plan = await http.post(f"/v1/providers/{house.perez.id}/sick-days", json={"date": day})
    batch = await http.post("/v1/imports", json=FILE)
    user = await http.post("/v1/users", json={"email": "maria@example.org", "role": "admin"})
    return {
        "user_id": user.json()["id"],
        "import_id": batch.json()["id"],
        "job_id": job.json()["id"],
        "plan_id": plan.json()["id"],
        "series_id": recurs.json()["series"]["id"],
        "entry_id": waits.json()["id"],
        "calendar_id": shared.json()["id"],
        "window_id": window.json()["window"]["id"],
        "rule_id": ruled.json()["id"],
        "closure_id": closed.json()["closures"][0]["id"],
        "location_id": place.json()["id"],
        "equipment_id": pool.json()["id"],
    }
