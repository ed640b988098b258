"""Sphinx extension: a page's description, from its front matter, is what a shared link shows.

It also gives link previews the address of the site, which `_config.yml` states once.
"""
from docutils import nodes


def description(doctree):
    """Content of the page's meta description, or None."""
    found = [node["content"] for node in doctree.findall(nodes.meta)
             if node.get("name") == "description"]  # fmt: skip
    return found[0] if found else None


def set_address(app, config):
    """Link previews need absolute addresses."""
    config.ogp_site_url = config.html_baseurl


def set_description(app, pagename, templatename, context, doctree):
    """Hand the description on to the preview, in place of the page's first words."""
    if "body" in context:  # docutils calls the references a list, without items
        context["body"] = context["body"].replace('<div role="list" class="citation-list">',
                                                  '<div class="citation-list">')  # fmt: skip
    text = description(doctree) if doctree else None
    if text:
        context["meta"] = (context.get("meta") or {}) | {"og:description": text}


def setup(app):
    """Register before the extension that writes the tags."""
    app.connect("config-inited", set_address)
    app.connect("html-page-context", set_description, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
