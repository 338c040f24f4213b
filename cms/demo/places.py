"""Where the made-up people of the founding story work: the real counties and townships of 中卫市,
with units whose kind is real and whose names are invented.
"""

from dataclasses import dataclass

SHAPOTOU, ZHONGNING, HAIYUAN = "640502", "640521", "640522"
COUNTY_NAMES = {SHAPOTOU: "沙坡头区", ZHONGNING: "中宁县", HAIYUAN: "海原县"}

TOWNSHIPS = {
    SHAPOTOU: (
        "滨河镇", "文昌镇", "东园镇", "柔远镇", "镇罗镇", "宣和镇", "永康镇", "常乐镇", "迎水桥镇",
        "兴仁镇", "香山乡",
    ),
    ZHONGNING: (
        "宁安镇", "鸣沙镇", "石空镇", "新堡镇", "恩和镇", "舟塔乡", "白马乡", "大战场镇",
        "喊叫水乡", "徐套乡", "余丁乡", "太阳梁乡",
    ),
    HAIYUAN: (
        "海城镇", "李旺镇", "西安镇", "三河镇", "七营镇", "史店乡", "树台乡", "关桥乡", "高崖乡",
        "郑旗乡", "贾塘乡", "曹洼乡", "九彩乡", "李俊乡", "红羊乡", "关庄乡", "甘城乡",
    ),
}  # fmt: skip

# Communities lie in the towns; which town has how many follows the size of the town.
COMMUNITIES = {
    SHAPOTOU: {
        "滨河镇": (
            "锦和社区", "应平社区", "黄河社区", "沁园社区", "鼓楼南社区", "新隆社区", "兰溪社区",
            "丰悦社区",
        ),
        "文昌镇": ("东关社区", "蔡桥社区", "文萃社区", "五里社区", "雍泽社区", "怡和社区"),
        "迎水桥镇": ("迎水社区", "沙漠路社区"),
        "宣和镇": ("宣和社区",),
        "兴仁镇": ("兴仁社区",),
    },
    ZHONGNING: {
        "宁安镇": ("南苑社区", "古城社区", "朱营社区", "枸杞园社区", "裕民社区"),
        "石空镇": ("新桥社区",),
        "大战场镇": ("红宝社区",),
    },
    HAIYUAN: {
        "海城镇": ("政府西街社区", "东城社区", "华山社区"),
        "三河镇": ("黑城社区",),
    },
}  # fmt: skip

AGENCIES = {
    SHAPOTOU: ("中卫市暖沙社会工作服务中心", "中卫市同渡社会工作服务中心"),
    ZHONGNING: ("中宁县杞乡社会工作服务中心",),
    HAIYUAN: ("海原县花儿社会工作服务中心",),
}

VILLAGE_ROOMS = {
    SHAPOTOU: ("永康镇双达村社会工作室", "镇罗镇观音村社会工作室"),
    ZHONGNING: ("恩和镇华寺村社会工作室", "白马乡彰恩村社会工作室"),
    HAIYUAN: ("史店乡田拐村社会工作室",),
}


@dataclass(frozen=True)
class Employer:
    """A unit and what it is; `kind` is the code of `Organisation.Kind`."""

    name: str
    kind: str
    county: str
    township: str = ""

    @property
    def kind_name(self) -> str:
        """The kind as sheets write it."""
        return KIND_NAMES[self.kind]


KIND_NAMES = {
    "community": "社区",
    "station": "社工站",
    "guidance_centre": "指导中心",
    "village_room": "村社工室",
    "agency": "社会组织",
    "government": "机关",
}
OFFICE = "民政局"


def employers(county: str) -> dict[str, tuple[Employer, ...]]:
    """The units of a county by kind."""
    name = COUNTY_NAMES[county]
    return {
        "community": tuple(
            Employer(f"{town}{community}居民委员会", "community", county, town)
            for town, communities in COMMUNITIES[county].items()
            for community in communities
        ),
        "station": tuple(
            Employer(f"{town}社会工作服务站", "station", county, town) for town in TOWNSHIPS[county]
        ),
        "guidance_centre": (Employer(f"{name}社会工作指导中心", "guidance_centre", county),),
        "village_room": tuple(
            Employer(room, "village_room", county) for room in VILLAGE_ROOMS[county]
        ),
        "agency": tuple(Employer(agency, "agency", county) for agency in AGENCIES[county]),
        "government": (Employer(f"{name}{OFFICE}", "government", county),),
    }
