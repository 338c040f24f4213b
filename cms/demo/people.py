"""Made-up people: plausible names of Ningxia, identity numbers of a province that does not exist.

Chance is an argument everywhere, so that the same seed gives the same people.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from cms.core.identity import FICTIONAL_PROVINCE, check_character

SURNAMES = {
    "马": 34, "王": 16, "李": 14, "张": 14, "杨": 13, "田": 9, "丁": 8, "刘": 8, "哈": 6, "白": 6,
    "罗": 5, "冯": 5, "周": 5, "陈": 5, "赵": 5, "海": 5, "虎": 4, "撒": 4, "穆": 4, "金": 4,
    "买": 3, "拜": 3, "孙": 3, "吴": 3, "何": 3, "黄": 3, "雍": 3, "贾": 3, "高": 3, "万": 2,
    "康": 2, "童": 2, "苏": 2, "安": 2, "纳": 2, "余": 2, "闫": 2, "俞": 2, "包": 1, "妥": 1,
}  # fmt: skip
FEMALE = (
    "小燕", "晓梅", "海燕", "玉兰", "秀芳", "丽华", "彦红", "雪莲", "静怡", "梓涵", "文静", "婷",
    "娟", "佳慧", "晓琴", "桂花", "艳", "慧玲", "春霞", "小红", "思雨", "凤英", "丽", "燕", "淑珍",
    "雅楠", "倩", "建梅", "晶", "月英", "宁霞", "改琴", "学梅", "阿舍", "若兰", "彩霞", "莹",
    "亚男", "银花", "巧玲", "欣怡", "秀兰", "萍", "立娟", "花", "海霞", "敏", "嘉", "金凤", "晓芸",
)  # fmt: skip
MALE = (
    "建军", "志强", "文博", "学文", "海龙", "成功", "小军", "宏伟", "耀武", "彦龙", "玉林", "浩",
    "吉祥", "国栋", "俊", "生福", "少华", "鹏", "彦虎", "宁", "占军", "伟", "立新", "义", "佳明",
    "晓东", "泽宇", "建国", "凯", "廷章",
)  # fmt: skip
FEMALE_SHARE = 0.74  # most of those who sit this exam are women
MIDDLE_DOT_NAME = "古丽娜尔·艾山"
RARE_SIGN_NAME = "马𬀩"  # beyond the first 65,536 characters, where careless software loses it
NAMESAKES = ("马小燕", "王志强")
TRAINEE_NAME = "丁海霞"  # the person behind the demo trainee
RESERVED = {MIDDLE_DOT_NAME, RARE_SIGN_NAME, *NAMESAKES, TRAINEE_NAME}
BIRTH_DAYS = (date(1974, 1, 1), date(2000, 12, 31))


@dataclass(frozen=True)
class Person:
    """One made-up person, before any exam."""

    name: str
    id_number: str
    phone: str

    @property
    def is_male(self) -> bool:
        """Return whether the sequence number is odd."""
        return int(self.id_number[16]) % 2 == 1

    @property
    def sex(self) -> str:
        """As sheets write it."""
        return "男" if self.is_male else "女"


@dataclass
class Population:
    """Gives out people, each name, number and phone once; only the namesakes share a name."""

    rng: random.Random
    _names: set[str] = field(default_factory=RESERVED.copy)
    _numbers: set[str] = field(default_factory=set)
    _phones: set[str] = field(default_factory=set)

    def born(self, county: str) -> Person:
        """A new person whose number carries the made-up twin of the county's code."""
        is_male = self.rng.random() >= FEMALE_SHARE
        return Person(
            name=self._fresh_name(male=is_male),
            id_number=self._fresh_number(county, male=is_male),
            phone=self._fresh_phone(),
        )

    def _fresh_name(self, *, male: bool) -> str:
        while True:
            surname = self.rng.choices(list(SURNAMES), weights=list(SURNAMES.values()))[0]
            name = surname + self.rng.choice(MALE if male else FEMALE)
            if name not in self._names:
                self._names.add(name)
                return name

    def _fresh_number(self, county: str, *, male: bool) -> str:
        while True:
            first, last = BIRTH_DAYS
            born_on = first + timedelta(days=self.rng.randrange((last - first).days))
            sequence = self.rng.randrange(1, 400) * 2 + male
            stem = f"{FICTIONAL_PROVINCE}{county[2:]}{born_on:%Y%m%d}{sequence:03d}"
            if stem not in self._numbers:
                self._numbers.add(stem)
                return stem + check_character(stem)

    def _fresh_phone(self) -> str:
        while True:
            phone = f"12{self.rng.randrange(10**9):09d}"
            if phone not in self._phones:
                self._phones.add(phone)
                return phone
