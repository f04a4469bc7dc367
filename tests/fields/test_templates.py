"""Pages in the shape of the world's common systems, each small and our own: what is read, and what is left out."""
# ruff: noqa: E501, ISC004 -- markup as systems write it

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from scraper import parse
from scraper.models import Article, Kind, iso

HARBOUR = (
    "The harbour of Northport will be dredged for the first time in forty years, the council decided on Tuesday.",
    "Fishermen had asked for deeper water since the spring floods carried sand into the inner basin, where larger "
    "boats can no longer turn at low tide.",
    "The work is to begin in June and will cost four million, of which the region pays half.",
)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in HARBOUR)
TITLE = "Northport harbour to be dredged after forty years"


@dataclass(frozen=True)
class Case:
    """A page, and what is true of it."""

    name: str
    html: str
    date: str | None = "2026-03-04T10:00:00+00:00"
    authors: tuple[str, ...] = ("Mary Holt",)
    captions: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    title: str = TITLE
    url: str = "https://www.northport-news.example/local/northport-harbour"
    body: tuple[str, ...] = field(default=HARBOUR)


def read(case: Case) -> Article:
    """Read the page of a case without rules of sites."""
    return parse(case.html.encode(), case.url, sites=())


WORDPRESS_CLASSIC = Case(
    "wordpress classic",
    f"""<html lang="en"><head><title>{TITLE} - Northport News</title></head><body class="single single-post has-sidebar">
    <header id="masthead"><p class="site-title"><a href="/">Northport News</a></p><nav><ul class="menu"><li><a href="/local">
    Local</a></li></ul></nav></header><div id="content" class="site-content"><div id="primary" class="content-area"><main>
    <article class="post type-post category-local"><header class="entry-header"><h1 class="entry-title">{TITLE}</h1>
    <div class="entry-meta"><span class="posted-on">Posted on <a href="/2026/03/04/"><time class="entry-date published"
    datetime="2026-03-04T10:00:00+00:00">March 4, 2026</time><time class="updated" datetime="2026-03-06T08:00:00+00:00">
    March 6, 2026</time></a></span> <span class="byline">by <span class="author vcard"><a class="url fn n"
    href="/author/mholt/">Mary Holt</a></span></span></div></header><div class="entry-content">
    <div id="attachment_7" class="wp-caption alignnone"><img class="wp-image-7 size-large" src="/f/harbour.jpg" width="800"
    height="500"><p class="wp-caption-text">Boats at low tide in the inner basin.</p></div>{PARAGRAPHS}
    <div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a href="#">Facebook</a></li></ul>
    </div><div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3><p><a href="/a">Storm closes the coast road
    again</a></p></div></div><footer class="entry-footer"><span class="cat-links">Posted in <a href="/local">Local</a></span>
    <span class="tags-links">Tagged <a href="/tag/harbour">harbour</a></span></footer></article>
    <div class="author-box"><h4>About Mary Holt</h4><p>Mary Holt has written about the coast for many years, and lives in
    Northport with two dogs.</p></div><nav class="post-navigation"><a href="/x">Previous: The bridge reopens</a></nav>
    <div id="comments" class="comments-area"><h2>2 thoughts on this</h2><p>Great news for all of us here at last, I think.
    </p></div></main></div><aside id="secondary" class="widget-area"><h2 class="widget-title">Recent Posts</h2><ul><li>
    <a href="/b">The bridge reopens</a></li></ul></aside></div><footer>© 2026 Northport News</footer></body></html>""",
    captions=("Boats at low tide in the inner basin.",),
    absent=("two dogs", "Great news", "Share this", "Storm closes", "Posted in", "Recent Posts", "Previous"),
)

WORDPRESS_BLOCKS = Case(
    "wordpress blocks with yoast",
    f"""<html lang="en-US"><head><title>{TITLE} | Northport News</title><meta property="og:title" content="{TITLE}">
    <script type="application/ld+json" class="yoast-schema-graph">{{"@context":"https://schema.org","@graph":[
    {{"@type":"Article","@id":"https://n.example/#article","author":{{"name":"Mary Holt","@id":"https://n.example/#/p/1"}},
    "headline":"{TITLE}","datePublished":"2026-03-04T10:00:00+00:00","dateModified":"2026-03-05T11:00:00+00:00"}},
    {{"@type":"WebPage","name":"{TITLE}"}},{{"@type":"Person","@id":"https://n.example/#/p/1","name":"Mary Holt"}},
    {{"@type":"Organization","name":"Northport News"}}]}}</script></head><body class="wp-singular post-template-default">
    <div class="wp-site-blocks"><header class="wp-block-template-part"><p class="wp-block-site-title"><a href="/">
    Northport News</a></p></header><main class="wp-block-group"><h1 class="wp-block-post-title">{TITLE}</h1>
    <figure class="wp-block-post-featured-image"><img src="/f/h.jpg" alt=""></figure>
    <div class="entry-content wp-block-post-content is-layout-flow"><p class="has-drop-cap">{HARBOUR[0]}</p>
    <figure class="wp-block-image size-large"><img loading="lazy" src="/f/b.jpg" alt="boats" class="wp-image-9">
    <figcaption class="wp-element-caption">Boats at low tide. Photo: Jon Reed</figcaption></figure>
    <p>{HARBOUR[1]}</p><blockquote class="wp-block-quote"><p>“We have waited long enough for this,” said one of them.</p>
    </blockquote><p>{HARBOUR[2]}</p><div class="wp-block-buttons"><div class="wp-block-button"><a
    class="wp-block-button__link" href="/join">Become a member</a></div></div>
    <h3 class="wp-block-heading">You may also like</h3><ul class="wp-block-latest-posts__list wp-block-latest-posts"><li>
    <a class="wp-block-latest-posts__post-title" href="/a">Storm closes the coast road</a></li></ul></div></main></div>
    </body></html>""",
    captions=("Boats at low tide.",),
    absent=("Become a member", "Storm closes", "You may also like"),
    body=(*HARBOUR, "“We have waited long enough for this,” said one of them."),
)

DRUPAL = Case(
    "drupal",
    f"""<html lang="en" dir="ltr"><head><title>{TITLE} | Northport News</title></head><body
    class="path-node page-node-type-article"><div class="dialog-off-canvas-main-canvas"><div class="layout-container">
    <header role="banner"><div class="region region-header"><a href="/">Northport News</a></div></header><main role="main">
    <div class="region region-breadcrumb"><nav class="breadcrumb"><ol><li><a href="/">Home</a></li></ol></nav></div>
    <div class="region region-content"><div id="block-page-title"><h1 class="page-header"><span class="field
    field--name-title field--type-string field--label-hidden">{TITLE}</span></h1></div><article role="article"
    class="node node--type-article node--view-mode-full"><footer class="node__meta"><div class="node__submitted">Submitted by
    <span class="field field--name-uid"><a href="/user/4" class="username">Mary Holt</a></span> on <span class="field
    field--name-created"><time datetime="2026-03-04T10:00:00+00:00">Wed, 03/04/2026 - 10:00</time></span></div></footer>
    <div class="node__content"><div class="field field--name-field-image field--type-image"><img src="/sites/h.jpg"
    width="900" height="500" alt="Boats"></div><div class="clearfix text-formatted field field--name-body
    field--type-text-with-summary field--label-hidden field__item">{PARAGRAPHS}</div><div class="field
    field--name-field-tags field--label-above"><div class="field__label">Tags</div><div class="field__items"><div
    class="field__item"><a href="/tags/1">harbour</a></div></div></div><ul class="links inline"><li
    class="comment-add"><a href="/c">Add new comment</a></li></ul></div></article></div><aside class="layout-sidebar-second">
    <div class="views-element-container block-views"><h2>Most recent</h2><div class="view-content"><div class="views-row">
    <a href="/n/2">The bridge reopens at last on Friday</a></div></div></div></aside></main></div></div></body></html>""",
    absent=("Submitted by", "Add new comment", "Most recent", "Tags"),
)

JOOMLA = Case(
    "joomla",
    f"""<html lang="en-gb"><head><title>{TITLE}</title><meta name="author" content="Mary Holt"></head><body class="site
    com_content view-article"><div class="container"><div class="item-page" itemscope
    itemtype="https://schema.org/Article"><meta itemprop="inLanguage" content="en-GB"><div class="page-header"><h1>Local
    news</h1></div><div class="page-header"><h2 itemprop="headline">{TITLE}</h2></div><dl class="article-info text-muted">
    <dt class="article-info-term">Details</dt><dd class="createdby" itemprop="author">Written by <span
    itemprop="name">Mary Holt</span></dd><dd class="category-name">Category: <a href="/local">Local</a></dd><dd
    class="published"><time datetime="2026-03-04T10:00:00+00:00" itemprop="datePublished">Published: 04 March 2026</time>
    </dd><dd class="hits">Hits: 412</dd></dl><div itemprop="articleBody" class="com-content-article__body">{PARAGRAPHS}</div>
    <ul class="pager pagenav"><li class="previous"><a href="/p">Prev</a></li></ul></div></div></body></html>""",
    absent=("Written by", "Hits", "Prev", "Details", "Category"),
)

BLOGGER = Case(
    "blogger",
    f"""<html lang="en"><head><title>Northport News: {TITLE}</title><meta content="blogger" name="generator"></head><body>
    <div id="header"><h1 class="title"><a href="/">Northport News</a></h1></div><div class="main section" id="main"><div
    class="widget Blog" id="Blog1"><div class="blog-posts hfeed"><div class="date-outer"><h2 class="date-header"><span>
    Wednesday, 4 March 2026</span></h2><div class="date-posts"><div class="post-outer"><div class="post hentry"><h3
    class="post-title entry-title">{TITLE}</h3><div class="post-header"></div><div class="post-body entry-content"
    id="post-body-1">{"<br /><br />".join(HARBOUR)}<div style="clear: both;"></div></div><div class="post-footer"><div
    class="post-footer-line"><span class="post-author vcard">Posted by <span class="fn"><span itemprop="name">Mary Holt
    </span></span></span><span class="post-timestamp"> at <a class="timestamp-link" href="/h.html"><abbr class="published"
    itemprop="datePublished" title="2026-03-04T10:00:00+00:00">10:00</abbr></a></span></div></div></div><div
    class="comments" id="comments"><h4>1 comment:</h4><p>I have waited for this for a long time, thank you so much.</p></div>
    </div></div></div></div><div class="blog-pager"><a href="/o">Older Post</a></div></div></div><div class="sidebar">
    <h2>Blog Archive</h2><ul><li><a href="/1">Storm closes the road</a></li></ul></div></body></html>""",
    absent=("Older Post", "I have waited", "Blog Archive", "Posted by"),
)

GHOST = Case(
    "ghost",
    f"""<html lang="en"><head><title>{TITLE}</title><meta property="og:site_name" content="Northport News"><meta
    property="article:published_time" content="2026-03-04T10:00:00.000Z"><meta property="og:title" content="{TITLE}"></head>
    <body class="post-template"><div class="gh-site"><header class="gh-head"><a class="gh-head-logo" href="/">Northport
    News</a></header><main id="gh-main"><article class="gh-article post tag-local"><header class="gh-article-header gh-canvas">
    <a class="gh-article-tag" href="/tag/local/">Local</a><h1 class="gh-article-title">{TITLE}</h1><p
    class="gh-article-excerpt">After years of complaint the basin gets its depth back, at a price that is shared.</p><div
    class="gh-article-meta"><h4 class="gh-author-name"><a href="/author/mary/">Mary Holt</a></h4><div
    class="gh-byline-meta"><time datetime="2026-03-04">Mar 4, 2026</time> — 3 min read</div></div><figure
    class="gh-article-image"><img srcset="/s/300.jpg 300w, /s/1200.jpg 1200w" src="/s/1200.jpg"><figcaption>Boats at low
    tide.</figcaption></figure></header><div class="gh-content gh-canvas">{PARAGRAPHS}<div class="kg-card kg-cta-card"><p>
    Subscribe to our letter and get the news of the coast each Friday.</p></div><figure class="kg-card kg-image-card
    kg-card-hascaption"><img src="/s/m.jpg" class="kg-image"><figcaption>The map of the basin.</figcaption></figure></div>
    </article><div class="gh-readmore"><h3>Read next</h3><article class="gh-card post"><a class="gh-card-link" href="/r/"><h3
    class="gh-card-title">Storm closes the coast road</h3></a></article></div></main></div></body></html>""",
    captions=("Boats at low tide.", "The map of the basin."),
    absent=("Read next", "Storm closes", "min read", "Subscribe to our"),
)

BLOCKS_BY_DATA = Case(
    "blocks named by data attributes",
    f"""<html lang="en-GB"><head><title>{TITLE} - Northport Broadcasting</title><meta property="og:title" content="{TITLE}">
    </head><body><div id="__next"><header role="banner"><nav><a href="/news">News</a></nav></header><main id="main-content">
    <article class="ssrcss-pv1rh6-ArticleWrapper"><header data-component="headline-block"><h1
    class="ssrcss-15xko80-StyledHeading">{TITLE}</h1></header><div data-component="metadata-block"><time
    datetime="2026-03-04T10:00:00.000Z">4 March 2026</time></div><div data-component="byline-block"><div
    class="ssrcss-68pt20-Text-TextContributorName">Mary Holt</div><div class="ssrcss-84ltp5-TextContributorRole">Coast
    correspondent</div></div><div data-component="image-block"><figure><div><img src="/i/480.webp"
    srcset="/i/240.webp 240w, /i/800.webp 800w" alt="Boats"></div><span class="visually-hidden">Image source, </span><span
    role="text">Jon Reed</span><figcaption><span class="visually-hidden">Image caption, </span><p>Boats at low tide</p>
    </figcaption></figure></div>{"".join(f'<div data-component="text-block"><p class="e1jhz7w10">{p}</p></div>' for p in HARBOUR)}
    <div data-component="links-block"><p>More on this story</p><ul><li><a href="/1">Storm closes the coast road again</a></li>
    </ul></div><section data-component="topic-list"><h2>Related topics</h2><ul><li><a href="/t">Northport</a></li></ul>
    </section></article></main></div></body></html>""",
    captions=("Boats at low tide",),
    absent=("Related topics", "Storm closes", "Coast correspondent", "Image source", "More on this story"),
)

AMP = Case(
    "amp",
    f"""<html amp lang="en"><head><title>{TITLE}</title><script type="application/ld+json">{{"@context":"http://schema.org",
    "@type":"NewsArticle","headline":"{TITLE}","datePublished":"2026-03-04T10:00:00Z","author":{{"@type":"Person",
    "name":"Mary Holt"}}}}</script></head><body><amp-sidebar id="s" layout="nodisplay"><ul><li><a href="/l">Local</a></li></ul>
    </amp-sidebar><header class="amp-header"><a href="/">Northport News</a></header><main><article class="amp-wp-article">
    <header class="amp-wp-article-header"><h1 class="amp-wp-title">{TITLE}</h1></header><figure
    class="amp-wp-article-featured-image"><amp-img src="/f/h.jpg" width="1200" height="800" layout="responsive"><noscript>
    <img src="/f/h.jpg"></noscript></amp-img><figcaption>Boats at low tide.</figcaption></figure><div
    class="amp-wp-article-content">{PARAGRAPHS}<amp-ad type="doubleclick"></amp-ad></div><amp-social-share type="twitter">
    </amp-social-share></article></main></body></html>""",
    captions=("Boats at low tide.",),
)

TYPO3 = Case(
    "typo3",
    f"""<html lang="de"><head><title>{TITLE}: Nordhafen Kurier</title></head><body><div id="wrap"><div class="news
    news-single"><div class="article" itemscope itemtype="http://schema.org/Article"><div class="header"><h1
    itemprop="headline">{TITLE}</h1></div><div class="footer"><p><span class="news-list-date"><time itemprop="datePublished"
    datetime="2026-03-04">04.03.2026</time></span> <span class="news-list-author">Von Mary Holt</span></p></div><div
    class="teaser-text" itemprop="description"><p>{HARBOUR[0]}</p></div><div class="news-img-wrap"><div
    class="mediaelement mediaelement-image"><img src="/fileadmin/h.jpg" width="600" height="400"></div><p
    class="news-img-caption">Boats at low tide</p></div><div class="news-text-wrap" itemprop="articleBody"><div
    class="ce-bodytext"><p class="bodytext">{HARBOUR[1]}</p><p class="bodytext">{HARBOUR[2]}</p></div></div><div
    class="news-backlink-wrap"><a href="/news">Zurück</a></div></div></div></div></body></html>""",
    date="2026-03-04",
    captions=("Boats at low tide",),
    absent=("Zurück",),
    url="https://www.nordhafen.example/news/hafen",
)

OLD_TABLES = Case(
    "old tables",
    f"""<html><head><title>Northport News</title></head><body bgcolor="#ffffff"><table width="760"><tr><td colspan="3"><img
    src="/logo.gif" width="760" height="80"></td></tr><tr><td width="130" valign="top"><font size="1"><a href="/1">Local</a><br>
    <a href="/2">Sports</a><br><a href="/3">Weather</a></font></td><td width="500" valign="top"><font size="5"
    face="Times"><b>{TITLE}</b></font><br><br><font size="2">By Mary Holt</font><br><font size="2">March 4, 2026</font><br><br>
    <table width="240" align="right"><tr><td><img src="/p/boats.jpg" width="240" height="160"></td></tr><tr><td><font
    size="1"><i>Boats at low tide.</i></font></td></tr></table><font size="3">{"<br><br>".join(HARBOUR)}</font><br><br><a
    href="mailto:x@n.example">E-mail this story</a></td><td width="130" valign="top"><font size="1"><b>More news</b><br><a
    href="/b">The bridge reopens</a><br><a href="/c">Storm closes the road</a></font></td></tr></table></body></html>""",
    date="2026-03-04",
    captions=("Boats at low tide.",),
    absent=("E-mail this story", "The bridge reopens", "Weather"),
)

SUBSTACK = Case(
    "letters",
    f"""<html lang="en"><head><title>{TITLE} - by Mary Holt - The Tide</title><meta property="og:title" content="{TITLE}">
    <meta name="author" content="Mary Holt"><script type="application/ld+json">{{"@type":"NewsArticle","headline":"{TITLE}",
    "datePublished":"2026-03-04T10:00:00+00:00","author":[{{"@type":"Person","name":"Mary Holt"}}],"publisher":{{
    "@type":"Organization","name":"The Tide"}}}}</script></head><body><div class="main"><div class="single-post-container">
    <article class="typography newsletter-post post"><div class="post-header"><h1 class="post-title published">{TITLE}</h1>
    <h3 class="subtitle">A town gets its depth back</h3><div class="byline-wrapper"><a href="/@mary">Mary Holt</a><div>Mar 04,
    2026</div><button>Subscribe</button><div class="like-count">12</div></div></div><div class="available-content"><div
    class="body markup">{PARAGRAPHS}<div class="subscription-widget-wrap"><div class="preamble"><p>The Tide is a
    reader-supported publication. To receive new posts, become a subscriber.</p></div></div></div></div></article>
    <div class="comments-page"><h4>Discussion about this post</h4></div></div></div></body></html>""",
    absent=("reader-supported", "Discussion about"),
)

ARC = Case(
    "fusion",
    f"""<html lang="en"><head><title>{
        TITLE
    } - Northport Post</title><meta property="og:site_name" content="Northport Post">
    <script>window.Fusion=window.Fusion||{{}};Fusion.globalContent={{"headlines":{{"basic":"x"}}}};</script></head><body>
    <div id="fusion-app" class="layout-section"><header class="masthead-block-container"><nav class="nav-left">
    <button>Sections</button></nav></header><section class="main"><div class="b-article-header"><h1
    class="headline__text">{
        TITLE
    }</h1><h2 class="sub-headline">Half of the four million comes from the region, which had
    refused for years.</h2></div><div class="ts-byline"><span class="byline__by">By </span><a class="byline__author"
    href="/author/mary-holt/">Mary Holt</a></div><span class="date-line__published">Mar 4, 2026, 10:00 AM UTC</span><span
    class="date-line__updated">Updated Mar 5, 2026, 08:00 AM UTC</span><figure class="c-media-item"><picture><source
    srcset="/r/1.jpg 1x"><img src="/r/1.jpg"></picture><figcaption class="c-media-item__fig-caption"><span
    class="c-media-item__caption">Boats at low tide.</span><span class="c-media-item__credit"> (Jon Reed)</span></figcaption>
    </figure><article class="default__ArticleBody-sc b-article-body">{
        "".join(
            f'<p class="c-paragraph">{p}</p><div class="arcad-feature"><div class="arcad-container"><p>Advertisement</p></div></div>'
            for p in HARBOUR
        )
    }<div class="c-interstitial"><p class="interstitial-link"><a href="/i">Read: Storm closes the coast road again</a></p>
    </div></article><div class="b-results-list"><h2>Most Read</h2><a href="/m">The bridge reopens on Friday morning</a></div>
    </section></div></body></html>""",
    captions=("Boats at low tide.",),
    absent=("Advertisement", "Storm closes", "Most Read"),
)

LIVE = Case(
    "live blog",
    f"""<html lang="en"><head><title>Live: {TITLE}</title><script type="application/ld+json">{{"@type":"LiveBlogPosting",
    "headline":"{TITLE}","datePublished":"2026-03-04T10:00:00Z","author":{{"@type":"Person","name":"Mary Holt"}},
    "liveBlogUpdate":[{{"@type":"BlogPosting","headline":"Vote is done","datePublished":"2026-03-04T12:00:00Z"}}]}}</script>
    </head><body><main><h1>{TITLE}</h1><div class="liveblog"><div class="live-entry"><time
    datetime="2026-03-04T12:00:00Z">12:00</time><h2>Vote is done</h2><p>{HARBOUR[0]}</p></div><div class="live-entry"><time
    datetime="2026-03-04T11:00:00Z">11:00</time><h2>Fishermen speak</h2><p>{HARBOUR[1]}</p></div><div class="live-entry"><time
    datetime="2026-03-04T10:30:00Z">10:30</time><h2>The plan</h2><p>{HARBOUR[2]}</p></div></div></main></body></html>""",
)

CASES = (
    WORDPRESS_CLASSIC, WORDPRESS_BLOCKS, DRUPAL, JOOMLA, BLOGGER, GHOST, BLOCKS_BY_DATA, AMP, TYPO3, OLD_TABLES, SUBSTACK,
    ARC, LIVE,
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_reads_every_field_of_the_template(case: Case) -> None:
    article = read(case)

    found = (article.title, iso(article.published_at), article.authors, article.kind)
    assert found == (case.title, case.date, case.authors, Kind.ARTICLE)
    assert [text for text in case.body if text not in article.body] == []
    assert [text for text in case.absent if text in article.body] == []
    assert tuple(image.caption for image in article.images if image.caption) == case.captions
