"""Clients that do random things at their desks, and a ledger of everything that they were answered."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from random import Random

import httpx

from deskcal.core.clinic import Provider, Service
from house import House
from races import asks
from races.callers import Answer, Ask, Callers

STARTS = range(9 * 60, 16 * 60, 15)


class Load:
    """Each client asks the same thing with the same key until it is answered, as the contract allows.

    While servers are down on purpose clear `up`; `stopped` lets the clients finish what they asked last.
    """

    def __init__(self, desks: Callers, house: House, *, days: int, seed: str) -> None:
        self.desks = desks
        self.house = house
        self.days = days
        self.seed = seed
        self.ledger: list[tuple[Ask, Answer]] = []
        self.up = asyncio.Event()
        self.up.set()
        self.stopped = False
        self._grown = asyncio.Event()

    async def client(self, number: int, operations: int) -> None:
        """Do so many random operations, one after the other."""
        random = Random(f"{self.seed} {number}")  # noqa: S311  chance, not secrecy
        tokens: list[str] = []
        for done in range(operations):
            if self.stopped:
                return
            asked = self._choose(random, tokens, key=f"{self.seed} {number} {done}")
            answer = await self.insist(number, asked)
            if answer.status == HTTPStatus.CREATED and "reservationToken" in answer.body:
                tokens.append(answer.body["reservationToken"])
            self.ledger.append((asked, answer))
            self._grown.set()

    async def insist(self, desk: int, asked: Ask) -> Answer:
        """Ask until there is an answer that counts."""
        while True:
            await self.up.wait()
            try:
                answer = await self.desks.ask(desk, asked)
            except httpx.TransportError:
                continue
            assert answer.status != HTTPStatus.INTERNAL_SERVER_ERROR, answer
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE and answer.error != "IDEMPOTENCY_IN_PROGRESS":
                return answer

    async def until(self, answers: int) -> None:
        """Return once there are so many answers in the ledger."""
        while len(self.ledger) < answers:
            self._grown.clear()
            await self._grown.wait()

    def acknowledged(self) -> set[str]:
        """List the ids of the appointments that somebody was told of."""
        return {
            answer.body.get("appointment", answer.body)["id"]
            for _, answer in self.ledger
            if answer.status == HTTPStatus.CREATED and "reservationToken" not in answer.body
        }

    def _choose(self, random: Random, tokens: list[str], key: str) -> Ask:
        house = self.house
        chance = random.random()
        if tokens and chance < 0.35:
            token = tokens.pop(random.randrange(len(tokens)))
            if chance < 0.1:
                return asks.release(token)
            return asks.confirm(token, patient_id=random.choice(house.patients).id, key=key)
        provider: Provider = random.choice([house.perez, house.chen])
        service: Service = random.choice([house.consult, house.exam, house.group])
        minute = random.choice(STARTS) // service.slot_step_minutes * service.slot_step_minutes
        day = house.day + timedelta(days=random.randrange(self.days))
        start = house.at(*divmod(minute, 60), day=day)
        patient_id = random.choice(house.patients).id
        room_id = (
            random.choice([None, None, random.choice(house.rooms).id]) if service is house.exam else None
        )
        if chance > 0.75:
            return asks.book(house, provider, service, start, patient_id=patient_id, room_id=room_id, key=key)
        known = patient_id if chance < 0.4 else None
        return asks.hold(provider, service, start, patient_id=known, room_id=room_id, key=key)
