"""What a sentence says about itself before anything is drawn."""

import pytest

from bot.model.command import Create
from bot.usecases.wording import tongue
from tests.fakes import member


@pytest.mark.parametrize(
    ("sentence", "writer", "language"),
    [
        ("A fox jumps from the large hill", "ja", "en"),
        ("A fox jumps from the large hill", "en-GB", "en-GB"),
        ("Ein Fuchs springt", "de", "de"),
        ("狐がスキーで跳ぶ 🦊", "en", "ja"),
        ("여우가 스키를 탄다", "ja", "ko"),
        ("狐狸跳台滑雪", "en", "zh-Hans"),
        ("狐狸跳台滑雪", "zh-TW", "zh-TW"),
        ("東京五輪開幕", "ja", "ja"),
        ("@大聖 jumps from the large hill", "en", "en"),
        ("A fox called 大聖 jumps from the large hill", "de", "de"),
        ("@kitsune が跳ぶ", "en", "ja"),
        ("Лиса прыгает", "de", "de"),
        ("🦊 7", "ja", "ja"),
    ],
)
def test_the_script_tells_the_language_where_it_can(sentence, writer, language) -> None:
    assert tongue(sentence, writer) == language


async def test_a_work_is_of_its_sentences_language_not_of_its_makers_client(world) -> None:
    await world.ask(Create("A fox jumps on skis", sport="ski-jumping"), member(language="ja-JP"))

    assert [job.request.language for job in await world.jobs()] == ["en"]
