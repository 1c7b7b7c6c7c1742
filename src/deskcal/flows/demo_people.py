"""Who comes to the demo clinic: made-up people from many countries, twins of name among them."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random

from deskcal.core.access import INSTALLATION
from deskcal.core.clinic import Patient
from deskcal.core.words import slug

OLDEST_DAYS, CHILD_DAYS = 92 * 365, 16 * 365
CHILD_SHARE = 0.18
AREA_CODES = (212, 718, 917, 646, 347)

NAMES = (
    ("Emma Olivia James William Grace Henry Ruth Walter", "Smith Johnson Miller Baker Sullivan Hughes"),
    ("María José Lucía Carlos Sofía Mateo Elena Andrés", "García Hernández López Núñez Ortiz Vargas"),
    ("Aiko Haruto Yuki Kenji Naomi Ren Sakura Daichi", "Tanaka Sato Suzuki Watanabe Ito Kobayashi"),
    ("Wei Li Mei Jun Xiu Hao Lan Bo", "Chen Wang Zhang Liu Huang Lin"),
    ("Łukasz Agnieszka Piotr Zofia Jakub Hanna Tomasz Ewa", "Nowak Kowalska Wójcik Zieliński Dąbrowski"),
    ("Jürgen Anke Björn Käthe Stefan Ute Lena Felix", "Müller Schröder Weiß Jäger Köhler Braun"),
    ("Priya Arjun Ananya Vikram Lakshmi Rohan Meera Sanjay", "Sharma Patel Iyer Reddy Singh Nair"),
    ("Amina Youssef Layla Omar Fatima Karim Noor Hassan", "Haddad Mansour Khalil Nasser Aziz Saleh"),
    ("Chidi Ngozi Amara Emeka Adaeze Tunde Ifeoma Segun", "Okafor Adeyemi Balogun Eze Nwosu Obi"),
    ("Siobhán Pádraig Niamh Eoin Aoife Cillian Róisín Declan", "O'Brien O'Connor Murphy Byrne Kelly"),
    ("Minh Linh Anh Thảo Quang Hương Dũng Mai", "Nguyễn Trần Phạm Hoàng Võ Đặng"),
    ("João Beatriz Tiago Inês Rafael Catarina Gonçalo Rita", "Silva Santos Araújo Gonçalves Conceição"),
    ("Astrid Lars Ingrid Søren Freja Magnus Åsa Nils", "Lindqvist Hansen Sørensen Bergström Dahl"),
    ("Olena Taras Oksana Andriy Iryna Bohdan Daryna Petro", "Shevchenko Kovalenko Bondar Melnyk Tkach"),
    ("Min-jun Seo-yeon Ji-woo Hye-jin Dong-hyun Soo-ah", "Kim Park Choi Jung Kang Yoon"),
    ("Ioanna Giorgos Eleni Nikos Dimitra Kostas", "Papadopoulos Georgiou Nikolaidis Vlachos"),
)
ALIKE = (  # the same name twice, then names that a tired ear takes for one another
    ("Maria Lopez", date(1984, 3, 12)),
    ("Maria Lopez", date(1991, 11, 2)),
    ("Mario Lopez", date(1984, 3, 21)),
    ("Wei Chen", date(1976, 6, 5)),
    ("Wei Chen", date(1976, 6, 15)),
    ("Anna Schmidt", date(1958, 9, 30)),
    ("Anne Schmitt", date(1958, 9, 3)),
    ("John Smith", date(1949, 1, 17)),
    ("John Smith", date(1987, 1, 17)),
    ("Jon Smyth", date(1987, 7, 11)),
    ("Elena Novak", date(2001, 4, 8)),
    ("Eliana Novak", date(2001, 4, 8)),
)


def people(random: Random, today: date, count: int) -> list[Patient]:
    """Make up so many patients, at most 500, each phone number of the range kept for fiction."""
    return [
        Patient(
            id=INSTALLATION,
            name=name,
            date_of_birth=born,
            phone=f"({AREA_CODES[number // 100]}) 555-01{number % 100:02}",
            email=f"{slug(name).replace('-', '.')}.{number}@example.org" if random.random() < 0.8 else None,  # noqa: PLR2004  most have one
        )
        for number, (name, born) in enumerate(islice(_names(random, today), count))
    ]


def is_child(patient: Patient, today: date) -> bool:
    """Tell whether a pediatrician would see them."""
    return patient.date_of_birth is not None and (today - patient.date_of_birth).days < CHILD_DAYS


def _names(random: Random, today: date) -> Iterator[tuple[str, date]]:
    yield from ALIKE
    used = {name for name, _ in ALIKE}
    while True:
        given, family = (random.choice(words.split()) for words in random.choice(NAMES))
        name = f"{given} {family}"
        if name not in used:
            used.add(name)
            youngest, oldest = (
                (30, CHILD_DAYS) if random.random() < CHILD_SHARE else (CHILD_DAYS, OLDEST_DAYS)
            )
            yield name, today - timedelta(days=random.randint(youngest, oldest))
