"""Which lines open a notice of a correction or a retraction."""

import pytest

from sources.quotes.correction_notice import NOTICE

NOTICES = """
Correction: the dam is 38 m high
Correction, 3 May 2024: the dam is 38 m high
CORRECTION (June 5): The dam
Correction – June 5, 2024: the dam
Corrections & Clarifications: the dam
Clarification 12 March 2024 – the dam
Editors' Note: The
Editor’s note, 3 May:
Corrected on May 3: the dam
Retraction: we
This article was amended on 3 May 2024 to say
This story has been corrected to say
This post has since been updated to correct the date
An earlier version of this article misstated
A previous version of this story said
The article originally stated that
We have corrected the figure
Due to an editing error, the figure
For the record: the dam
Amendment: since
Korrektur vom 3. Mai: Der Damm
Korrekturhinweis: Der
Anm. d. Red.: Der
Hinweis der Redaktion: Der
Transparenzhinweis: Der
In einer vorherigen Version dieses Artikels
In der ursprünglichen Fassung hieß es
Dieser Artikel wurde nachträglich korrigiert
Wir haben die Zahl korrigiert
Rectificatif du 3 mai : le barrage
Erratum : le barrage
Mise au point : le
Une version précédente de cet article
Dans une version antérieure
Cet article a été corrigé le 3 mai
Corrección, 3 de mayo: la presa
Fe de errores: la presa
Una versión anterior de este artículo
Este artículo ha sido corregido
Nota de la redacción: la
Correção, 3 de maio: a barragem
Errata: a
Uma versão anterior deste texto
Erramos: a
Rettifica del 3 maggio: la diga
Precisazione: la
Una versione precedente di questo articolo
Correctie 3 mei: de dam
Naschrift van de redactie: de dam
In een eerdere versie van dit artikel
Sprostowanie z 3 maja: zapora
We wcześniejszej wersji artykułu
Исправление от 3 мая: плотина
Поправка: плотина
В предыдущей версии статьи
تصحيح: السد
تصويب، 3 مايو: السد
भूल सुधार: बाँध
सुधार (3 मई): बाँध
更正（5月3日）：大坝
编者按：大坝
本文早前版本称
訂正：ダム
お詫びと訂正（5月3日）：ダム
当初の記事では
"""
OTHER_LINES = """
Correction officers on strike
The correction of the river began
Contact | Corrections | Privacy
Korrektur der Wachstumsprognose
Una corrección del mercado
Updated 3 May 2024
Last reviewed in June
The story was told by her son
Clarifications were asked for by two ministers in 2023
La corrección llegó en 2023
पुल के निर्माण में सुधार हुआ
सुधार की माँग
The page was turned
修正主义
Withdrawn by the bank in 2023
Amended budget
Corrected vision: what glasses do
"""


@pytest.mark.parametrize(("lines", "notices"), [(NOTICES, True), (OTHER_LINES, False)])
def test_notices(lines: str, notices: bool) -> None:
    assert [line for line in lines.strip().split("\n") if bool(NOTICE.search(line)) != notices] == []
