"""The first page of the public site, as a page that editors can change in Wagtail."""

from wagtail.models import Locale, Page, Site

from cms.pages.models import HomePage

TITLE = "中卫市社工备考平台"
LEAD = (
    "为准备社会工作者职业资格考试的人、教他们的人和兑现政策的人，提供同一个地方："
    "做题、查成绩、看补贴。"
)
BODY = (
    "<p>全国社会工作者职业资格考试每年一次。初级（助理社会工作师）考两科，须在同一年通过；"
    "中级（社会工作师）考三科，可以在连续两个考试年度内通过。"
    "每一科满分100分，全国合格标准60分，答在答题卡上。</p>"
    "<h2>给准备考试的人</h2>"
    "<p>这里的模拟试卷按考试的题量、时间和评分办法来：60道单选、20道多选，两小时；"
    "多选题全部选对得2分，少选且没有选错的每个选项得0.5分，有错选的不得分。"
    "交卷后按章列出得分和每一题的解析，先补最弱的一章。</p>"
    "<h2>给已经通过的人</h2>"
    "<p>成绩、证书和补贴在这里是一条线：成绩合格后登记证书，证书核验后就能看到自己符合哪几条奖补条件，"
    "缺什么材料，办到哪一步。2023年，中卫市有80人通过初级、19人通过中级，"
    "中级证书一次性奖励每人3000元。</p>"
    "<h2>给经办的同志</h2>"
    "<p>成绩册、持证登记册、聘任表都可以直接上传，先看清楚再写入；拿不准的行会告诉您为什么。"
    "每一笔奖补都有依据，有两个人审核，有公示，拨付清单可以打印盖章。</p>"
)


def home_page_is_up() -> bool:
    """Return whether the default site begins with a home page of ours."""
    pages = HomePage.objects.values("pk")
    return Site.objects.filter(is_default_site=True, root_page__in=pages).exists()


def publish_home_page() -> HomePage:
    """The home page, made and set as the root of the site where there is none."""
    page = HomePage.objects.first() or _new_page()
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or site.root_page_id != page.pk:
        site = site or Site(hostname="localhost", port=80, is_default_site=True)
        site.root_page, site.site_name = page, TITLE
        site.save()
        _drop_welcome_pages(page)
    return page


def _new_page() -> HomePage:
    page = HomePage(title=TITLE, slug="zhongwei", lead=LEAD, body=BODY)
    _root().add_child(instance=page)
    page.save_revision().publish()
    return page


def _root() -> Page:
    root = Page.get_first_root_node()
    if root is not None:
        return root
    # A database made without Wagtail's own first rows (the tests) has no tree yet.
    Locale.objects.get_or_create(language_code="zh-hans")
    return Page.add_root(title="Root", slug="root")


def _drop_welcome_pages(page: HomePage) -> None:
    """Wagtail greets a fresh database with a page of its own; nothing hangs below it."""
    for other in _root().get_children().exclude(pk=page.pk):
        if other.specific_class is Page and not other.get_children().exists():
            other.delete()
