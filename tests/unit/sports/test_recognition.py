"""Sentences in nine languages and the sport a reader would name."""

import pytest

from bot.sports import find, recognise, sports

SENTENCES = {
    "alpine-skiing": [
        "A fox races down the giant slalom under a blue sky",
        "a snowman skis down the mountain",
        "A fluffy cat carving fresh powder down the Matterhorn",
        "ペンギンがアルペンスキーの滑降で優勝する",
        "一只熊猫参加高山滑雪大回转",
        "一隻熊貓參加高山滑雪大迴轉",
        "Un robot affronta la discesa libera a Cortina",
        "Une renarde dans le slalom géant, piste noire",
        "Ein Bär fährt Ski auf einer steilen Skipiste",
        "여우가 알파인 스키 활강을 한다",
        "Un gato en el eslalon gigante de esquí alpino",
    ],
    "biathlon": [
        "A biathlete hits the last target in the snowfall",
        "a cat skiing through the forest and shooting with a rifle at five targets",
        "狐がスキーで走り、射撃で全弾命中",
        "小熊在雪地里滑雪并用步枪射击",
        "冬季兩項選手最後一槍命中",
        "Una volpe nel biathlon colpisce l'ultimo bersaglio",
        "Un ours à ski vise la cible avec sa carabine",
        "Ein Fuchs beim Biathlon am Schießstand",
        "로봇이 스키를 타고 소총으로 사격한다",
        "Biatlón al amanecer con un robot",
    ],
    "bobsleigh": [
        "Four penguins in a four-man bob at night",
        "two cats in a bobsled",
        "ボブスレーで宇宙を駆け抜ける猫たち",
        "四只企鹅坐雪车冲下赛道",
        "四隻企鵝坐有舵雪橇衝下賽道",
        "Quattro gatti su un bob a quattro",
        "Des pingouins en bobsleigh sous les étoiles",
        "Vier Pinguine im Viererbob",
        "펭귄 네 마리의 봅슬레이",
    ],
    "cross-country-skiing": [
        "A chicken in the cross-country skiing marathon through the forest",
        "森の中を走るクロスカントリースキーの狐",
        "机器人在森林里越野滑雪",
        "機器人在森林裡越野滑雪",
        "Un coniglio fa sci di fondo nel bosco",
        "Un lapin fait du ski de fond à l'aube",
        "Ein Hase auf der Loipe beim Langlauf",
        "토끼가 숲에서 크로스컨트리 스키를 탄다",
        "Un conejo practica esquí de fondo en el bosque",
    ],
    "curling": [
        "Robots sweeping the ice for a curling stone",
        "猫がカーリングのストーンを滑らせる",
        "两只猫在打冰壶",
        "兩隻貓在打冰壺",
        "Gatti che giocano a curling",
        "Des chats jouent au curling",
        "Katzen spielen Curling in einer Halle",
        "고양이들이 컬링을 한다",
        "Gatos jugando al curling",
    ],
    "figure-skating": [
        "A cat lands a triple axel in a spotlight",
        "a skeleton does figure skating",
        "氷上で舞う狐のフィギュアスケート",
        "企鹅在冰上跳舞，花样滑冰",
        "企鵝表演花式滑冰",
        "Una gatta nel pattinaggio di figura",
        "Une renarde en patinage artistique fait une pirouette sur la glace",
        "Eine Katze läuft Eiskunstlauf",
        "피겨 스케이팅을 하는 여우",
        "Un zorro en patinaje artístico",
    ],
    "freestyle-skiing": [
        "A robot does a backflip on skis over a huge kicker",
        "mogul run by a rabbit at noon",
        "freestyle skiing: a fox jumps and spins",
        "スキーで宙返りする狐",
        "モーグルのコブ斜面を跳ねる兎",
        "兔子自由式滑雪空中技巧",
        "兔子自由式滑雪空中技巧，大跳台",
        "Una volpe fa sci freestyle con una capriola",
        "Un lapin en ski de bosses",
        "Ein Hase auf der Buckelpiste",
        "토끼가 프리스타일 스키를 탄다",
        "Un zorro hace un mortal con esquís, esquí acrobático",
    ],
    "ice-hockey": [
        "Bears play ice hockey on a frozen lake",
        "熊がアイスホッケーで決勝ゴール",
        "两只熊在打冰球",
        "兩隻熊在打冰球",
        "Orsi che giocano a hockey su ghiaccio",
        "Des ours jouent au hockey sur glace",
        "Bären spielen Eishockey",
        "곰들이 아이스하키를 한다",
        "Osos jugando hockey sobre hielo",
    ],
    "luge": [
        "A penguin on a luge, feet first through the ice channel",
        "a cat on a sled",
        "リュージュで氷の壁を駆ける狐",
        "企鹅躺着参加无舵雪橇比赛",
        "企鵝參加雪橇比賽",
        "Un pinguino sullo slittino nel canale di ghiaccio",
        "Un pingouin sur une luge dévale la piste",
        "Ein Pinguin beim Rennrodeln",
        "펭귄이 루지를 탄다",
    ],
    "nordic-combined": [
        "Nordic combined: a fox flies and then races",
        "a bear ski jumping first, then cross-country skiing",
        "ノルディック複合に挑む狐、ジャンプのあとクロスカントリー",
        "北欧两项的狐狸",
        "北歐兩項的狐狸",
        "Combinata nordica: prima il salto poi il fondo",
        "Un renard au combiné nordique",
        "Nordische Kombination mit einem Bären",
        "노르딕 복합에 도전하는 여우",
        "Combinada nórdica de un oso",
    ],
    "short-track": [
        "Five foxes in a short track final",
        "short-track speed skating in neon light",
        "ショートトラックで最後に追い抜く猫",
        "短道速滑决赛的狐狸",
        "短道競速滑冰的狐狸",
        "Short track: una volpe sorpassa all'ultima curva",
        "Finale de short-track entre chats",
        "Shorttrack mit fünf Füchsen",
        "쇼트트랙 결승의 여우들",
        "Patinaje de velocidad en pista corta con zorros",
    ],
    "skeleton": [
        "A chicken on a skeleton sled, head first down the ice track",
        "スケルトンで頭から滑る鶏",
        "小鸡俯身冲下钢架雪车赛道",
        "小雞衝下鋼架雪車賽道",
        "Una gallina nello skeleton sul ghiaccio",
        "Un poulet en skeleton sur la glace",
        "Ein Huhn beim Skeletonfahren",
        "닭이 스켈레톤 썰매를 탄다",
        "Un pollo en skeleton sobre el hielo",
    ],
    "ski-jumping": [
        "@kitsune jumps from the large hill at dusk",
        "@大聖 高台からスキーでジャンプ",
        "狐のスキージャンプ、夕暮れ",
        "大圣从跳台滑雪飞下",
        "大聖跳台滑雪",
        "Una volpe fa salto con gli sci al tramonto",
        "Un renard fait du saut à ski",
        "Un renard fait du saut a ski",
        "Ein Fuchs springt auf Ski von der Schanze",
        "여우가 스키점프를 한다",
        "Un zorro en los saltos de esquí al atardecer",
        "a fox on skis jumps into the sunset",
    ],
    "ski-mountaineering": [
        "A goat in ski mountaineering, climbing on skins",
        "a cat skis uphill to the summit",
        "山岳スキーで頂を目指す羊",
        "滑雪登山的山羊",
        "登山滑雪的山羊",
        "Uno stambecco nello scialpinismo",
        "Un bouquetin en ski-alpinisme",
        "Eine Ziege auf Skitour zum Gipfel",
        "염소가 산악스키로 정상에 오른다",
        "Una cabra en esquí de montaña",
    ],
    "snowboard": [
        "A monkey snowboarding in the half-pipe",
        "snow board trick by a robot",
        "猿がスノボのハーフパイプで大技",
        "猴子玩单板滑雪",
        "猴子玩單板滑雪",
        "Una scimmia sullo snowboard",
        "Un singe en snowboard",
        "Ein Affe beim Snowboarden",
        "원숭이가 스노보드를 탄다",
        "Un mono con tabla de nieve",
    ],
    "speed-skating": [
        "A rabbit in the 500 m speed skating race",
        "speed-skating duel of two robots",
        "スピードスケートで風を切る兎",
        "兔子速度滑冰冲线",
        "兔子競速滑冰",
        "Un coniglio nel pattinaggio di velocità",
        "Un lapin en patinage de vitesse",
        "Ein Hase beim Eisschnelllauf",
        "토끼의 스피드 스케이팅",
        "Un conejo en patinaje de velocidad",
    ],
}

OFF_TOPIC = [
    "",
    "A cat plays the piano in Tokyo",
    "a boy rides a skateboard down the street",
    "water skiing behind a boat",
    "girls play field hockey in summer",
    "a dog jumps over a fence",
    "Bob eats a pizza",
    "a dog sled team in Alaska",
    "a man with a rifle in the desert",
    "ひっそりとした森で猫が寝る",
    "犬ぞりが雪原を走る",
    "猫在弹钢琴",
    "跳台跳水冠军",
    "Un gatto suona il pianoforte",
    "Le chat dort sur le canapé",
    "Ein Hund springt auf dem Trampolin",
    "고양이가 피아노를 친다",
    "Un gato toca el piano",
    "🎿🏂?",
]

CASES = [(slug, sentence) for slug, sentences in SENTENCES.items() for sentence in sentences]


@pytest.mark.parametrize(("slug", "sentence"), CASES)
def test_a_sentence_names_its_sport_first(slug, sentence):
    assert [sport.slug for sport in recognise(sentence)][:1] == [slug]


@pytest.mark.parametrize("sentence", OFF_TOPIC)
def test_a_sentence_about_something_else_names_no_sport(sentence):
    assert recognise(sentence) == ()


def test_every_sport_is_tried_in_at_least_six_sentences():
    assert {slug: len(s) >= 6 for slug, s in SENTENCES.items()} == {sport.slug: True for sport in sports()}


@pytest.mark.parametrize("sport", sports(), ids=lambda sport: sport.slug)
def test_every_sport_is_recognised_by_each_of_its_own_names(sport):
    missed = {language: name for language, name in sport.names.items() if sport not in recognise(name)[:1]}
    assert missed == {}


def test_an_ambiguous_word_offers_every_sport_it_may_mean():
    assert [sport.slug for sport in recognise("a fox is skating")] == ["figure-skating", "speed-skating"]


def test_full_width_letters_and_capitals_change_nothing():
    assert [sport.slug for sport in recognise("ＣＵＲＬＩＮＧ！")] == ["curling"]


def test_half_width_kana_are_read_as_kana():
    assert [sport.slug for sport in recognise("ｶｰﾘﾝｸﾞ")] == ["curling"]


def test_a_community_may_recognise_only_the_sports_it_offers():
    curling = find("curling")
    assert curling is not None
    assert recognise("figure skating and curling", among=[curling]) == (curling,)
