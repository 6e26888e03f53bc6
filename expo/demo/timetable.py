"""The demo's timetable: two published versions, and a draft with unplaced sessions and a few conflicts."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import exists, literal, select

from expo.accounts.rules import Actor
from expo.demo.rows import insert_all
from expo.demo.versions import publish_versions
from expo.editions.models import Room
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.program.models import Placement, Session, SessionSpeaker, Speaker, Track
from expo.program.rules import SessionState
from expo.program.rules.conflicts import INTERPRETATION
from expo.pure.names import search_text

# Subjects of our own, in English and Chinese, with the minutes that each takes.
SUBJECTS = (
    ("Data assets on the balance sheet: first lessons", "数据资产入表：首批经验", 40),
    ("Computing power scheduling between east and west", "东数西算的算力调度", 40),
    ("A data space for the manufacturing chain", "制造业产业链的数据空间", 30),
    ("Privacy computing in medical research", "隐私计算赋能医学研究", 40),
    ("How a city pays for open data", "城市如何为开放数据买单", 30),
    ("Small models for factory floors", "面向工厂车间的小模型", 20),
    ("Water data for a province of mountains", "山地省份的水文数据", 30),
    ("Cross-border data flows in practice", "数据跨境流动实务", 45),
    ("Karst tourism, measured", "用数据看喀斯特旅游", 20),
    ("Cold chain tracking from orchard to port", "从果园到港口的冷链追踪", 30),
    ("Panel: who owns sensor data?", "圆桌对话：传感器数据归谁所有？", 60),
    ("Data literacy in rural schools", "乡村学校的数据素养", 30),
    ("Cooling a data centre inside a mountain", "山洞数据中心的冷却之道", 40),
    ("Synthetic data for road safety", "道路安全中的合成数据", 30),
    ("Workshop: labelling speech in five dialects", "工作坊：五种方言的语音标注", 90),
    ("Auditing algorithms of public services", "公共服务算法审计", 40),
    ("Power grids that forecast the weather", "会预报天气的电网", 30),
    ("Digital twins of old bridges", "古桥的数字孪生", 20),
    ("Data trusts: five contracts compared", "数据信托：五份合同比较", 40),
    ("Start-up pitch: young companies from Gui'an New Area", "创业路演：贵安新区初创企业", 15),
)
# The rooms of this size have booths for interpreters.
INTERPRETED_CAPACITY = 240


def load_timetable(edition: EditionFacts, organizer: Actor, now: datetime, seed: int) -> None:
    """Publish two versions, add sessions that are not placed, and move a few sessions into conflicts."""
    rng = Random(seed)
    _equip_rooms(edition)
    _place_published(edition)
    publish_versions(edition, organizer, now, Random(f"versions {seed}"))
    _add_unplaced(edition, rng)
    _make_conflicts(edition, rng)
    db.session.flush()


def _equip_rooms(edition: EditionFacts) -> None:
    """Give rooms equipment, unless they have some."""
    for room in db.session.scalars(select(Room).where(Room.edition_id == edition.id)):
        if not room.equipment:
            is_large = (room.capacity or 0) >= INTERPRETED_CAPACITY
            room.equipment = ["projector", "microphone", *([INTERPRETATION, "recording"] if is_large else [])]


def _place_published(edition: EditionFacts) -> None:
    rows = db.session.execute(
        select(Session.id, Session.room_id, Session.starts_at, Session.ends_at)
        .where(
            Session.edition_id == edition.id,
            Session.starts_at.is_not(None),
            Session.ends_at.is_not(None),
            ~exists(select(literal(1)).where(Placement.session_id == Session.id)),
        )
        .order_by(Session.id)
    )
    insert_all(
        Placement,
        [
            {"session_id": each.id, "edition_id": edition.id, "room_id": each.room_id}
            | {"starts_at": each.starts_at, "ends_at": each.ends_at}
            for each in rows
        ],
    )


def _add_unplaced(edition: EditionFacts, rng: Random) -> None:
    speakers = list(db.session.scalars(select(Speaker).where(Speaker.edition_id == edition.id).order_by(Speaker.id)))
    tracks = list(db.session.scalars(select(Track.id).where(Track.edition_id == edition.id).order_by(Track.id)))
    for number, (english, chinese, minutes) in enumerate(SUBJECTS, 1):
        session = Session(
            edition_id=edition.id,
            slug=f"draft-{number}",
            title={"en": english, "zh": chinese},
            state=SessionState.DRAFT,
            track_id=rng.choice(tracks) if tracks else None,
            kind="workshop" if minutes > 60 else "talk",  # noqa: PLR2004 - an hour
            language=rng.choice(("zh", "zh", "en")),
            interpretation=["en"] if rng.random() < 0.2 else [],  # noqa: PLR2004 - one in five
            needs=["projector"],
            expected_audience=rng.choice((30, 60, 120, 200)),
            search_text=search_text(english, chinese),
            position=10_000 + number,
        )
        db.session.add(session)
        db.session.flush()
        for position, speaker in enumerate(rng.sample(speakers, min(len(speakers), rng.choice((1, 1, 2))))):
            db.session.add(SessionSpeaker(session_id=session.id, speaker_id=speaker.id, position=position))


def _make_conflicts(edition: EditionFacts, rng: Random) -> None:
    """Move three sessions of the last day: into the middle of another, to the evening, into a smaller room."""
    placed = list(
        db.session.scalars(
            select(Placement)
            .join(Session, Session.id == Placement.session_id)
            .where(Session.edition_id == edition.id, Session.day == edition.ends_on, Placement.room_id.is_not(None))
            .order_by(Placement.starts_at, Placement.session_id)
        )
    )
    if len(placed) < 6:  # noqa: PLR2004 - two sessions for each conflict
        return
    one, other, late, early, large, small = rng.sample(placed, 6)
    lasts = one.ends_at - one.starts_at
    one.room_id, one.starts_at = other.room_id, other.starts_at + timedelta(minutes=5)
    one.ends_at = one.starts_at + lasts
    lasts = late.ends_at - late.starts_at
    late.starts_at = early.starts_at.replace(hour=12)  # eight in the evening in Guiyang
    late.ends_at = late.starts_at + lasts
    large.room_id = small.room_id
