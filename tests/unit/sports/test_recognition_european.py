"""Sentences as members write them in Italian, French, German and Spanish, and the sport a reader would name."""

import pytest

from bot.locales import words
from bot.sports import recognise, sports
from bot.syntax import parse

LANGUAGES = ("it", "fr", "de", "es")

SENTENCES = {
    "alpine-skiing": {
        "it": [
            "Uno stambecco vince lo slalom gigante sotto la nevicata",
            "Una volpe scende a tutta velocità dalla pista nera",
            "Un orso scia tra i paletti dello slalom speciale",
            "Due pinguini sciano giù dal Cervino all'alba",
        ],
        "fr": [
            "Un ours dévale la piste noire à skis",
            "Une marmotte gagne le slalom sous les projecteurs",
            "Un robot skie entre les portes du super-G",
            "Deux renards descendent la montagne à ski",
        ],
        "de": [
            "Ein Pinguin rast die Streif hinunter auf Skiern",
            "Ein Fuchs gewinnt den Slalom bei Nacht",
            "Eine Gämse beim Riesentorlauf im Nebel",
            "Ein Bär fährt auf Skiern den Steilhang hinab",
        ],
        "es": [
            "Un oso baja esquiando por la pista negra",
            "Una cabra gana el eslalon especial de noche",
            "Un robot se lanza por el descenso de Kitzbühel con los esquís",
            "Dos zorros esquían montaña abajo al amanecer",
            "Un perro con esquís baja la montaña",
        ],
    },
    "biathlon": {
        "it": [
            "Un lupo con gli sci e la carabina centra cinque bersagli",
            "Una biatleta spara in piedi mentre nevica",
            "Una lince arriva al poligono con gli sci ai piedi",
        ],
        "fr": [
            "Une biathlète blanchit toutes ses cibles",
            "Un loup skie dans la forêt puis tire à la carabine",
            "Un renard couché au pas de tir, les skis aux pieds",
        ],
        "de": [
            "Eine Biathletin räumt alle fünf Scheiben ab",
            "Ein Wolf auf Skiern schießt mit dem Gewehr",
            "Ein Luchs muss in die Strafrunde",
        ],
        "es": [
            "Un lobo esquía por el bosque y dispara a cinco blancos",
            "Una biatleta acierta el último tiro",
            "Un lince con esquís y rifle llega al campo de tiro",
        ],
    },
    "bobsleigh": {
        "it": [
            "Quattro tartarughe si tuffano nel loro bob",
            "Un bob sfreccia in un canyon di ghiaccio sotto l'aurora boreale",
            "Il bob a due degli orsi spinge alla partenza",
        ],
        "fr": [
            "Quatre tortues sautent dans leur bob",
            "Deux ours poussent leur bob à deux au départ",
            "Un bob à quatre file sous l'aurore",
        ],
        "de": [
            "Vier Schildkröten springen in ihren Bob",
            "Ein Bob rast durch den Eiskanal",
            "Zwei Bären schieben den Zweierbob an",
        ],
        "es": [
            "Cuatro tortugas saltan a su bobsleigh",
            "Un bob de cuatro baja por el hielo de noche",
            "Dos osos empujan su bob al salir",
        ],
    },
    "cross-country-skiing": {
        "it": [
            "Una lepre fa fondo tra gli abeti",
            "Un alce sugli sci di fondo nella bufera",
            "Una fondista supera tutti sull'ultima salita",
        ],
        "fr": [
            "Un lièvre glisse en ski de fond entre les sapins",
            "Une fondeuse double tout le monde dans la dernière montée",
            "Un élan fait du skating sur la piste de fond",
        ],
        "de": [
            "Ein Elch zieht allein seine Spur durch die Loipe",
            "Eine Langläuferin überholt alle am letzten Anstieg",
            "Ein Hase macht Skilanglauf zwischen den Tannen",
        ],
        "es": [
            "Una liebre hace esquí de fondo entre los abetos",
            "Un alce esquía por el bosque nevado en una carrera de fondo",
            "Un oso practica esquí nórdico en la niebla",
        ],
    },
    "curling": {
        "it": ["Pinguini che spazzano il ghiaccio davanti alla pietra", "Due nonne giocano a curling in riva al lago"],
        "fr": [
            "Des manchots balaient la glace devant la pierre",
            "Deux grand-mères jouent au curling au bord du lac",
        ],
        "de": ["Pinguine wischen das Eis vor dem Stein", "Zwei Omas spielen Curling am See"],
        "es": ["Pingüinos barren el hielo delante de la piedra", "Dos abuelas juegan al curling junto al lago"],
    },
    "figure-skating": {
        "it": [
            "Una cicogna fa una piroetta sul ghiaccio",
            "Una coppia di cigni danza sul ghiaccio al chiaro di luna",
            "Due pattinatori artistici disegnano una sola linea su un lago gelato",
        ],
        "fr": [
            "Un cygne danse sur la glace au clair de lune",
            "Une patineuse artistique réussit un triple axel",
            "Une cigogne tourne en pirouette sur la glace",
        ],
        "de": [
            "Ein Schwan tanzt im Mondlicht auf dem Eis",
            "Eine Eiskunstläuferin springt den dreifachen Axel",
            "Ein Storch dreht eine Pirouette auf dem Eis",
        ],
        "es": [
            "Un cisne baila sobre el hielo a la luz de la luna",
            "Una patinadora artística clava un triple axel",
            "Una cigüeña gira en una pirueta sobre el hielo",
        ],
    },
    "freestyle-skiing": {
        "it": [
            "Un gatto fa un salto mortale all'indietro con gli sci",
            "Una rana vola tra le gobbe sugli sci",
            "Uno scoiattolo nello ski cross supera tutti",
        ],
        "fr": [
            "Un chat fait un salto arrière à skis",
            "Une grenouille à skis dans les bosses",
            "Un écureuil double tout le monde en skicross",
        ],
        "de": [
            "Eine Katze macht auf Skiern einen Rückwärtssalto",
            "Ein Frosch auf der Buckelpiste",
            "Ein Eichhörnchen überholt alle beim Skicross",
        ],
        "es": [
            "Un gato da un mortal hacia atrás con los esquís",
            "Una rana esquía entre los baches",
            "Un conejo hace un backflip con esquís",
            "Una ardilla adelanta a todos en el skicross",
        ],
    },
    "ice-hockey": {
        "it": [
            "Un castoro segna un gol a hockey all'ultimo secondo",
            "Un portiere di hockey para il disco sul ghiaccio",
        ],
        "fr": [
            "Un castor marque au hockey à la dernière seconde",
            "Un gardien arrête le palet sur la glace",
        ],
        "de": [
            "Ein Biber schießt im Eishockey das letzte Tor",
            "Eishockeyspieler jagen den Puck über den zugefrorenen See",
        ],
        "es": [
            "Un castor marca un gol de hockey en el último segundo",
            "Jugadores de hockey persiguen el disco sobre un lago helado",
        ],
    },
    "luge": {
        "it": [
            "Un bassotto sullo slittino, piedi in avanti nel ghiaccio",
            "Due nutrie nel doppio di slittino",
        ],
        "fr": [
            "Un teckel file sur sa luge, les pieds devant",
            "Deux loutres dans l'épreuve de luge double",
        ],
        "de": [
            "Ein Dackel auf dem Rodel, mit den Füßen voran",
            "Zwei Otter im Doppelsitzer beim Rennrodeln",
        ],
        "es": [
            "Un perro salchicha en luge, con los pies por delante",
            "Dos nutrias bajan en trineo por el canal de hielo",
        ],
    },
    "nordic-combined": {
        "it": ["Un falco salta dal trampolino e poi fa sci di fondo", "La combinata nordica di due alci"],
        "fr": ["Un faucon fait du saut à ski puis du ski de fond", "Deux élans au combiné nordique"],
        "de": [
            "Ein Falke: erst Skispringen, dann Langlauf",
            "Zwei Elche als Nordische Kombinierer",
        ],
        "es": ["Un halcón hace saltos de esquí y luego esquí de fondo", "Dos alces en la combinada nórdica"],
    },
    "short-track": {
        "it": [
            "Cinque ghepardi in curva nello short track",
            "Una pattinatrice sorpassa tutti all'ultima curva in pista corta",
        ],
        "fr": [
            "Cinq guépards dans le virage du short track",
            "Une patineuse dépasse tout le monde sur piste courte",
        ],
        "de": [
            "Fünf Geparden in der Kurve beim Short-Track",
            "Eine Shorttrackerin überholt alle auf der Innenbahn",
        ],
        "es": [
            "Cinco guepardos en la curva del short track",
            "Una patinadora adelanta a todos en pista corta",
        ],
    },
    "skeleton": {
        "it": [
            "Una lucertola a testa in giù sullo slittino dello skeleton",
            "Un tasso si lancia nello skeleton a pancia in giù",
        ],
        "fr": [
            "Un lézard la tête la première sur son skeleton",
            "Un blaireau à plat ventre en skeleton sur la piste de glace",
        ],
        "de": [
            "Eine Eidechse mit dem Kopf voran auf dem Skeleton",
            "Ein Dachs auf dem Skeletonschlitten im Eiskanal",
        ],
        "es": [
            "Un lagarto de cabeza en el skeleton",
            "Un tejón baja en skeleton boca abajo por la pista",
        ],
    },
    "ski-jumping": {
        "it": [
            "Una kitsune salta dal trampolino grande al tramonto",
            "Un'aquila vola con gli sci sopra la valle",
            "Una saltatrice con gli sci atterra in telemark",
            "Un gufo si stacca dal trampolino sugli sci",
        ],
        "fr": [
            "Un renard s'élance du grand tremplin au crépuscule",
            "Un aigle s'envole à skis au-dessus de la vallée",
            "Une sauteuse à ski se pose en télémark",
            "Une chouette saute du tremplin dans la nuit",
        ],
        "de": [
            "Ein Fuchs springt in der Abenddämmerung von der Großschanze",
            "Ein Adler fliegt mit Skiern weit über das Tal",
            "Eine Skispringerin landet mit Telemark",
            "Eine Eule hebt von der Schanze ab",
        ],
        "es": [
            "Un zorro salta del trampolín grande al atardecer",
            "Un águila vuela con los esquís sobre el valle",
            "Una saltadora de esquí aterriza en telemark",
            "Un búho despega del trampolín con sus esquís",
        ],
    },
    "ski-mountaineering": {
        "it": [
            "Un camoscio sale con le pelli di foca fino alla vetta, sci ai piedi",
            "Due scialpiniste attaccano l'ultima cresta",
        ],
        "fr": [
            "Un chamois monte en peaux de phoque jusqu'au sommet",
            "Deux bouquetins en ski de rando sur la crête",
        ],
        "de": [
            "Ein Steinbock steigt mit Tourenski zum Gipfel auf",
            "Ein Esel steigt mit Skiern auf den Berg",
            "Zwei Skibergsteigerinnen auf dem letzten Grat",
        ],
        "es": [
            "Un rebeco sube con pieles de foca hasta la cumbre, esquís a la espalda",
            "Dos cabras hacen esquí de travesía por la cresta",
        ],
    },
    "snowboard": {
        "it": ["Un gorilla fa un trick con lo snowboard", "Una snowboarder atterra un doppio salto nell'halfpipe"],
        "fr": ["Un gorille fait une figure en snowboard", "Une snowboardeuse s'envole dans le half-pipe"],
        "de": ["Ein Gorilla steht auf dem Snowboard einen Trick", "Eine Snowboarderin fliegt aus der Halfpipe"],
        "es": [
            "Un gorila hace un truco con la tabla de snowboard",
            "Una snowboarder vuela sobre el medio tubo",
        ],
    },
    "speed-skating": {
        "it": [
            "Un levriero pattina veloce sull'anello olandese",
            "Due robot nel pattinaggio di velocità sui 500 metri",
            "Una lepre da record sui 1000 metri di pattinaggio",
        ],
        "fr": [
            "Un lévrier patine à toute vitesse sur l'anneau",
            "Deux robots en patinage de vitesse sur 500 mètres",
        ],
        "de": [
            "Ein Windhund beim Eisschnelllauf über 500 Meter",
            "Zwei Roboter rasen auf Schlittschuhen schnell um das Oval",
        ],
        "es": [
            "Un galgo patina a toda velocidad por el óvalo",
            "Dos robots en patinaje de velocidad, 500 metros",
        ],
    },
}

OFF_TOPIC = [
    "Un château de glace dans la montagne",
    "Un trineo de perros cruza Alaska",
    "Un gato sube por la esquina y esquiva un tiro",
    "Lo skipper salta sulla barca",
    "Le skipper grimpe au mât",
    "Eine Skizze vom Gipfel liegt auf dem Tisch",
    "A skilled archer hits every target",
    "La stella cometa attraversa la notte con la sua scia",
    "La barca lascia una scia bianca sul mare",
    "Un bambino si tuffa dal trampolino in piscina",
    "Le ragazze giocano a hockey su prato",
    "Bob mangia una pizza",
    "Il gatto scala la libreria",
    "Un enfant saute du plongeoir dans la piscine",
    "Les filles jouent au hockey sur gazon",
    "Bob mange une pizza",
    "Le chat grimpe sur la bibliothèque",
    "Il y a un squelette dans le placard",
    "Die Mädchen spielen im Sommer Feldhockey",
    "Ein Junge springt vom Sprungbrett ins Becken",
    "Bob isst eine Pizza",
    "Die Katze klettert auf das Bücherregal",
    "Der Hund zieht einen Wagen durch die Stadt",
    "Las chicas juegan al hockey sobre césped",
    "Un niño salta del trampolín a la piscina",
    "Bob come una pizza",
    "El gato escala la estantería",
    "Los niños bailan en la plaza",
]

CASES = [(slug, sentence) for slug, said in SENTENCES.items() for sentences in said.values() for sentence in sentences]


@pytest.mark.parametrize(("slug", "sentence"), CASES)
def test_a_sentence_names_its_sport_first(slug, sentence):
    assert [sport.slug for sport in recognise(sentence)][:1] == [slug]


@pytest.mark.parametrize("sentence", OFF_TOPIC)
def test_a_sentence_about_something_else_names_no_sport(sentence):
    assert recognise(sentence) == ()


@pytest.mark.parametrize("sport", sports(), ids=lambda sport: sport.slug)
def test_every_sport_is_tried_in_each_language(sport):
    assert {language: len(said) > 1 for language, said in SENTENCES[sport.slug].items()} == dict.fromkeys(
        LANGUAGES, True
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("key", "slug"),
    [
        ("studio.example.1", "ski-jumping"),
        ("studio.example.2", "figure-skating"),
        ("studio.example.3", "bobsleigh"),
        ("form.prompt_hint", "ski-jumping"),
        ("studio.placeholder", "ski-jumping"),
    ],
)
def test_the_sentences_we_offer_name_their_sport(language, key, slug):
    assert [sport.slug for sport in recognise(words(language)(key))][:1] == [slug]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("key", "slug"), [("slack.home.try.1", "ski-jumping"), ("slack.home.try.2", "curling")])
def test_the_commands_we_offer_name_their_sport(language, key, slug):
    command = parse(words(language)(key).removeprefix("/olympic "))

    assert [sport.slug for sport in recognise(getattr(command, "prompt", ""))][:1] == [slug]
