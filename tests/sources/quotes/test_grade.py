"""How much an alteration changes: pairs of wordings in several languages, innocent ones beside the others."""

import pytest

from sources.extraction.full_text import extract
from sources.quotes.grade import Grade, grade, is_typography
from sources.quotes.look import Reading, look
from sources.quotes.selection import select

# The meaning changes.
SUBSTANCE = [
    # Powers, indices and their signs.
    ("The lake holds 10⁶ litres of water.", "The lake holds 10⁹ litres of water."),
    ("The lake holds 3 × 10⁶ litres of water.", "The lake holds 3 × 10⁻⁶ litres of water."),
    ("The lake holds 10^6 litres of water.", "The lake holds 10^9 litres of water."),
    ("Das Feld misst 40 m² bis zum Zaun.", "Das Feld misst 40 m³ bis zum Zaun."),
    # Comparisons and operations.
    ("Patients with a value ≤ 7 were taken in.", "Patients with a value ≥ 7 were taken in."),
    ("Patients with a value <= 7 were taken in.", "Patients with a value > 7 were taken in."),
    ("La dose ≈ 7 mg fut donnée.", "La dose ≠ 7 mg fut donnée."),
    ("The area is 3 × 4 units.", "The area is 3 ÷ 4 units."),
    ("The change was +3 points in May.", "The change was −3 points in May."),
    ("Es waren −3 Grad am Morgen.", "Es waren 3 Grad am Morgen."),
    ("The estimate is 40 ± 2 boats.", "The estimate is 40 + 2 boats."),
    # Arrows, ticks, crosses.
    ("Unemployment ↑ in the north", "Unemployment ↓ in the north"),
    ("Lead in the water: ✓ tested, ✗ safe", "Lead in the water: ✓ tested, ✓ safe"),
    ("☑ Vaccinated before entry", "☒ Vaccinated before entry"),
    ("Преступность ▲ в городе", "Преступность ▼ в городе"),
    # Currencies, shares, units.
    ("Мост стоил 40 ₽ на жителя.", "Мост стоил 40 ₴ на жителя."),
    ("Köprü kişi başı 40 ₺ tuttu.", "Köprü kişi başı 40 ₹ tuttu."),
    ("The bridge cost £40m in the end.", "The bridge cost ₦40m in the end."),
    ("Der Anteil stieg um 4 ‰ im Jahr.", "Der Anteil stieg um 4 % im Jahr."),
    ("The turbine makes 40 MW at noon.", "The turbine makes 40 mW at noon."),
    ("El enlace da 40 Mb por segundo.", "El enlace da 40 MB por segundo."),
    ("The file has 40 kb of text.", "The file has 40 kB of text."),
    ("A dose of 5 µg is enough.", "A dose of 5 mg is enough."),
    ("Water left at 60 °C overnight.", "Water left at 60 °F overnight."),
    # Figures and their formats.
    ("It rose by 1.234 points.", "It rose by 12.34 points."),
    ("The reading was 1.234 in the end, and that was it.", "The reading was 1,234 in the end, and that was it."),
    ("They sold 1.234 million of them.", "They sold 1234 million of them."),
    ("Between 3 and 8 boats sank.", "Between 38 boats sank."),
    ("Some 3-8 boats sank.", "Some 3 8 boats sank."),
    # Negation and how far it reaches.
    ("No, gates were open that night.", "No gates were open that night."),
    ("Nein, Tore standen offen.", "Nein Tore standen offen."),
    ("Pardon impossible, pas exécution.", "Pardon impossible pas, exécution."),
    ("Нет, ворота были открыты.", "Нет ворота были открыты."),
    ("The gates were not open.", "The gates were (not) open."),
    ("It may be late.", "It maybe late."),
    # Another letter.
    ("Die Straße ist zu.", "Die Strasse ist zu."),
    ("Sie trinkt in Maßen Wein.", "Sie trinkt in Massen Wein."),
    ("The bridge cost 2 million pounds.", "The bridge cost 2bn pounds."),
    ("Don't stop at the gate.", "Don't, stop at the gate."),
    ("The plan: 👍 from us", "The plan: 👎 from us"),
    ("It scored ★★★★☆ here", "It scored ★★☆☆☆ here"),
    ("The ratio was 1/2 of it.", "The ratio was 12 of it."),
    # Dates, as before.
    ("It opens on 5 May 2028.", "It opens on 6 May 2028."),
    ("El 5 de mayo abre.", "El 5 de junio abre."),
]
WORDING = [
    # Case of one word that is another word.
    ("The council may act on it.", "The council May act on it."),
    ("They told us about it all.", "They told US about it all."),
    ("A kit to polish the silver.", "A kit to Polish the silver."),
    ("Wir haben sie gesehen, sagt er.", "Wir haben Sie gesehen, sagt er."),
    ("She asked who would pay.", "She asked WHO would pay."),
    ("They re-signed today.", "They resigned today."),
    ("The UN is here.", "The un is here."),
    # Marks that turn what belongs to what.
    ("The minister: walls are safe.", "The minister walls are safe."),
    ("Police shot, 3 of them died.", "Police shot 3 of them died."),
    ("The gates (3) were open.", "The gates 3 were open."),
    ("It is a matter for the board.", "It is a matter for the board?"),
    ("The “safe” walls leak.", "The safe walls leak."),
    ("It is «safe and dry».", "It is «safe» and dry."),
    ("We're here for good.", "Were here for good."),
    # Another letter.
    ("Bunu kır dedi adam.", "Bunu kir dedi adam."),
    # The same value or date, written with other words.
    ("The bridge cost 2 million pounds.", "The bridge cost 2m pounds."),
    ("The bridge cost £2 million in all.", "The bridge cost £2m in all."),
    ("Die Brücke kostete 2 Millionen Euro.", "Die Brücke kostete 2 Mio. Euro."),
    ("It opens on 5 May 2028.", "It opens on May 5, 2028."),
    ("It opens on 5 September.", "It opens on 5 Sept."),
    ("They sold 12,500 boats.", "They built 12500 boats."),
    ("The fee is 5.00 euros.", "The fee is 5 euros."),
]
# Nothing that is said changes.
COSMETIC = [
    # Numbers.
    ("Rund 5.000 Menschen kamen.", "Rund 5000 Menschen kamen."),
    ("Rund 5.000 Menschen kamen.", "Rund 5 000 Menschen kamen."),
    ("Rund 5'000 Menschen kamen.", "Rund 5000 Menschen kamen."),
    ("About 12,500 people came to the town.", "About 12500 people came to the town."),
    ("Environ 12 500 personnes sont venues.", "Environ 12\u202f500 personnes sont venues."),
    ("Unas 5.000 personas en la plaza de la ciudad.", "Unas 5,000 personas en la plaza de la ciudad."),
    ("Около 12 500 человек пришли.", "Около 12500 человек пришли."),
    ("Около 1,5 метра воды.", "Около 1.5 метра воды."),
    ("लगभग 1,34,000 लोग आए।", "लगभग 134,000 लोग आए।"),
    ("لقي ٣٨ شخصا حتفهم.", "لقي 38 شخصا حتفهم."),
    ("约有12,500人到场。", "约有12500人到场。"),
    ("The bill came to 1,234.56 euros.", "The bill came to 1 234.56 euros."),
    ("Sie öffnet am 05.04.2028.", "Sie öffnet am 5.4.2028."),
    # Signs.
    ("The share was 12 per cent.", "The share was 12%."),
    ("The share was 12 percent.", "The share was 12 pct."),
    ("Der Anteil war 12 Prozent.", "Der Anteil war 12 %."),
    ("الحصة 12 في المئة.", "الحصة 12٪."),
    ("It cost €5 a head.", "It cost 5 € a head."),
    ("Es kostete 5 Mio. € im Jahr.", "Es kostete €5 Mio. im Jahr."),
    ("A field of 40 m2 lies there.", "A field of 40 m² lies there."),
    ("The lake holds 10^6 litres.", "The lake holds 10⁶ litres."),
    ("Emissions of CO2 fell.", "Emissions of CO₂ fell."),
    ("It is ~5 km away.", "It is ≈5 km away."),
    ("A grid of 3 x 4 boxes.", "A grid of 3 × 4 boxes."),
    ("Pfizer® sold the plant.", "Pfizer sold the plant."),
    ("■ Keep order ■ Pay fees", "Keep order Pay fees"),
    ("→ Read the report", "Read the report"),
    ("It is -5 degrees.", "It is −5 degrees."),
    ("Rs 1,34,000 crore was paid for the works.", "Rs 134,000 crore was paid for the works."),
    ("The bridge cost 2bn pounds.", "The bridge cost 2 bn pounds."),
    ("A 5-year plan of the city.", "A 5 year plan of the city."),
    # Marks of notes.
    ("The walls leak¹ in May.", "The walls leak in May."),
    ("Some 38¹ walls leak.", "Some 38² walls leak."),
    ("The walls leak[12] in May.", "The walls leak in May."),
    ("The walls leak.*", "The walls leak."),
    # Spellings.
    ("Ещё идёт вода.", "Еще идет вода."),
    ("Die Straße ist zu.", "DIE STRASSE IST ZU."),
    ("Herr Müller grüßt.", "Herr Mueller grüßt."),
    ("Le cœur du sujet.", "Le coeur du sujet."),
    ("L'État a payé.", "L'Etat a payé."),
    ("عُثر على الجدار", "عثر على الجدار"),
    ("إلى أن يصل", "الى ان يصل"),
    ("हज़ार लोग पाँच दिन", "हजार लोग पांच दिन"),
    ("Hòa bình là quý.", "Hoà bình là quý."),
    ("ΤΟ ΤΕΙΧΟΣ ΣΤΗΝ ΑΘΗΝΑ", "Το τείχος στην Αθήνα"),
    ("IĞDIR VE İZMİR", "Iğdır ve İzmir"),
    # Punctuation and quotation marks.
    ("In May the walls leak, they said.", "In May, the walls leak they said."),
    ("In 2023 the walls leaked.", "In 2023, the walls leaked."),
    ("See No. 5 of the list.", "See No 5 of the list."),
    ("Am 5. Mai wird geöffnet.", "Am 5 Mai wird geöffnet."),
    ("Que faire ? Rien !", "Que faire? Rien!"),
    ("“It leaks,” she said.", "«It leaks», she said."),
    ("“It leaks,” she said.", "‘It leaks,’ she said."),
    ("The walls - all of them - leak.", "The walls, all of them, leak."),
    ("The long-standing wall.", "The long standing wall."),
    ("It starts at 10.30 Uhr.", "It starts at 10:30 Uhr."),
    ("5 p.m. on May 5, 2028", "5 pm on May 5 2028"),
    ("한국에서는 할 수 있다.", "한국에서는 할 수있다."),
    ("“No,” she said.", "“No”, she said."),
    ("他说：“墙不安全”。", "他说：「墙不安全」。"),
    ("At 5 a.m. it began.", "At 5am it began."),
    # Case.
    ("Here the Aids crisis is over.", "Here the AIDS crisis is over."),
    ("Walls may leak in May", "WALLS MAY LEAK IN MAY"),
    ("Walls in town may leak", "Walls In Town May Leak"),
    ("the ferries run.", "The Ferries run."),
    ("It takes 5 km to get there.", "It takes 5 KM to get there."),
    ("It opens at 5 pm today.", "It opens at 5 PM today."),
    ("Nato and Unesco agree.", "NATO and UNESCO agree."),
]
PAIRS = [
    *((*pair, Grade.SUBSTANCE) for pair in SUBSTANCE),
    *((*pair, Grade.WORDING) for pair in WORDING),
    *((*pair, Grade.COSMETIC) for pair in COSMETIC),
]


@pytest.mark.parametrize(("before", "after", "expected"), PAIRS)
def test_grades(before: str, after: str, expected: Grade) -> None:
    assert grade(before, after) is expected
    assert grade(after, before) is expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Spare them, impossible to hang.", "Spare them impossible, to hang.", Grade.WORDING),
        ("Простить нельзя, отпустить.", "Простить, нельзя отпустить.", Grade.WORDING),
        ("Perdonar, imposible cumplir la pena.", "Perdonar imposible, cumplir la pena.", Grade.WORDING),
        ("The guards, said the mayor, are slow.", "The guards said the mayor are slow.", Grade.SUBSTANCE),
        ("Die Wachen, sagte der Wirt, sind träge.", "Die Wachen sagte der Wirt sind träge.", Grade.SUBSTANCE),
        # A mark that comes or goes alone, also twice, is typography.
        ("In the end, the guards came.", "In the end the guards came.", Grade.COSMETIC),
        ("The guards, all of them, came.", "The guards all of them came.", Grade.COSMETIC),
        ("The guards came, sang and left.", "The guards came, sang, and left.", Grade.COSMETIC),
        ("The guards - all of them - came.", "The guards, all of them, came.", Grade.COSMETIC),
    ],
)
def test_marks_that_part_words_otherwise(before: str, after: str, expected: Grade) -> None:
    assert grade(before, after) is expected


def test_what_is_typography() -> None:
    assert is_typography("The walls leak .", "the walls leak.")
    assert is_typography("", "") and not is_typography("", "The walls leak.")
    assert not is_typography("The walls leak.", "The walls held.")


PAGE = (
    "<html lang='en'><body><h1>Walls</h1><p>The yearly report is out since Monday morning.</p><p>{}</p>"
    "<p>The next one will follow in the autumn, the office says.</p></body></html>"
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("It holds 10<sup>6</sup> litres of it.", "It holds 10<sup>9</sup> litres of it.", Grade.SUBSTANCE),
        ("It holds 40 m<sup>2</sup> of grass.", "It holds 40 m<sup>3</sup> of grass.", Grade.SUBSTANCE),
        ("The limit is &le; 5 in all wells.", "The limit is &ge; 5 in all wells.", Grade.SUBSTANCE),
        ("The level went &uarr; in the year.", "The level went &darr; in the year.", Grade.SUBSTANCE),
        ("It holds 40 m<sup>2</sup> of grass.", "It holds 40 m2 of grass.", Grade.COSMETIC),
        ("It cost 5,000 euros in the year.", "It cost 5&#8239;000 euros in the year.", Grade.COSMETIC),
        ("The share was 12 per cent of it.", "The share was 12% of it.", Grade.COSMETIC),
    ],
)
def test_grades_of_pages(before: str, after: str, expected: Grade) -> None:
    was, now = (extract(PAGE.format(words).encode(), "text/html; charset=utf-8").text for words in (before, after))
    words = next(line for line in was.split("\n") if line.startswith(before[:6]) and "yearly" not in line)
    assert look(select(words, was), Reading(now), Reading(was)).check.grade is expected
