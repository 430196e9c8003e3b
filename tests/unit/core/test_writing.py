"""When a sentence is written out, and what becomes of it."""

from dataclasses import replace

from bot.model.command import Create
from tests.fakes import FREE

WISH = Create("ein Fuchs springt", sport="ski-jumping")


class Scribe:
    """Writes out as told and counts."""

    def __init__(self, says: str = "A fox soars.") -> None:
        self.says = says
        self.asked: list[str] = []

    async def rewritten(self, sentence: str, *, sport: str) -> str:
        self.asked.append(sentence)
        return self.says

    async def aclose(self) -> None:
        return None


def hire(world, scribe: Scribe) -> None:
    world.house = replace(world.house, writer=scribe)
    world.core._house = world.house


async def test_the_model_reads_the_written_out_sentence_and_everybody_else_the_members_own(world) -> None:
    hire(world, Scribe())
    await world.ask(WISH)
    (job,) = await world.jobs()

    assert (job.plan.shots[0].prompt.startswith("A fox soars."), job.request.prompt) == (True, WISH.prompt)


async def test_a_writer_who_has_nothing_to_say_leaves_the_members_own_words(world) -> None:
    hire(world, Scribe(""))
    await world.ask(WISH)
    (job,) = await world.jobs()

    assert job.plan.shots[0].prompt.startswith(WISH.prompt)


async def test_nobody_is_asked_where_no_model_reads(world) -> None:
    scribe = Scribe()
    hire(world, scribe)
    world.backend.able = replace(FREE, reads=False)
    await world.ask(WISH)

    assert scribe.asked == []
