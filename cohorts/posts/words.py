"""The words of posts workbooks: header names, kinds of employers, grades, yes and no."""

from cms.core.sheet_headers import Fields
from cohorts.results.people_rows import PERSON_FIELDS, UNIT_NAMES

POST_FIELDS: dict[str, tuple[str, ...]] = {
    **PERSON_FIELDS,
    "unit": UNIT_NAMES,
    "kind": ("单位性质", "单位类型", "单位类别"),
    "area": (
        "所在区县", "所在县区", "区县", "县区", "县(区)", "所属县区", "工作地区", "工作地", "地区",
    ),
    "title": ("岗位", "职务", "职务/岗位", "岗位名称", "职务(岗位)", "聘任岗位", "岗位职务"),
    "appointed": ("是否聘任", "聘任", "是否聘用", "聘任情况"),
    "from": (
        "聘任起", "聘任开始", "聘任起始", "聘任日期", "聘任时间", "起始日期", "任职起", "聘任自",
    ),
    "to": ("聘任止", "聘任结束", "聘任终止", "终止日期", "截止日期", "任职止", "聘任至"),
}  # fmt: skip
APPRAISAL_FIELDS: dict[str, tuple[str, ...]] = {
    **PERSON_FIELDS,
    "year": ("年度", "考核年度", "年份"),
    "grade": ("考核结果", "年度考核结果", "考核等次", "考核等级", "等次", "考核结论"),
}
INSURANCE_FIELDS: dict[str, tuple[str, ...]] = {
    **PERSON_FIELDS,
    "first": ("月份起", "起始月份", "缴费起", "缴费起始", "参保起", "起始年月", "开始月份"),
    "last": ("月份止", "终止月份", "缴费止", "缴费终止", "参保止", "截止年月", "截止月份"),
    "area": ("参保地", "参保地区", "缴费地", "所在区县", "区县", "县区", "县(区)"),
}
TABLES: tuple[tuple[str, Fields, tuple[str, ...]], ...] = (
    ("posts", POST_FIELDS, ("name", "identity", "unit", "from")),
    ("appraisals", APPRAISAL_FIELDS, ("name", "identity", "year", "grade")),
    ("insurance", INSURANCE_FIELDS, ("name", "identity", "first", "last")),
)

# What rosters write for the kind of an employer → the kinds of `Organisation`, first match wins.
KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("village_room", ("社工室", "村室")),
    ("station", ("社工站", "社会工作站", "服务站", "工作站")),
    ("guidance_centre", ("指导中心",)),
    ("community", ("社区", "居委会", "村委会", "村")),
    ("institution", ("事业",)),
    ("government", ("机关", "行政", "政府", "公务员", "党委")),
    ("agency", ("社会组织", "民办非企业", "社会服务机构", "社会团体", "基金会", "机构")),
    ("school", ("学校", "中学", "小学", "幼儿园", "大学")),
    ("hospital", ("医院", "卫生院")),
    ("company", ("企业", "公司")),
    ("other", ("其他", "其它")),
)
GRADES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("unqualified", ("不合格", "不称职")),
    ("basically", ("基本合格", "基本称职")),
    ("excellent", ("优秀", "优")),
    ("qualified", ("合格", "称职", "良好")),
)
YES = frozenset({"是", "已聘", "已聘任", "聘任", "聘用", "在聘", "√", "✓", "y", "yes", "1", "true"})
NO = frozenset({"否", "未聘", "未聘任", "解聘", "×", "✗", "x", "n", "no", "0", "false"})
OPEN_ENDED = frozenset({"至今", "今", "现在", "长期", "在岗", "无固定期限", "-", "—", "/"})


def first_word(said: str, words: tuple[tuple[str, tuple[str, ...]], ...]) -> str | None:
    """The code whose words the text contains; the first of the table wins."""
    return next((code for code, own in words if any(word in said for word in own)), None)
