"""Where do the links of a message lead? Each by way of this deployment, which tells that it was followed."""

from msgspec.structs import replace

from collector.access.links import Links, Named
from sessionizer.messages.links import track_html, track_text, with_image
from sessionizer.messages.message import Rendered
from sessionizer.messages.template import Needs


def links_of(links: Links, named: Named, needs: Needs) -> dict[str, str]:
    """Those of them that a template reads."""
    makes = {
        "unsubscribe": links.leave,
        "mirror": links.mirror,
        "update_profile": links.profile,
        "doubleoptin": links.confirm,
    }
    return {name: makes[name](named) for name in needs.links}


def followed(rendered: Rendered, links: Links, named: Named, *, opens: bool, clicks: bool) -> Rendered:
    """With links that tell when they are followed, and an image that tells when it is loaded."""
    html, text = rendered.html, rendered.text
    if clicks:
        html = track_html(html, lambda target: links.click(named, target), own=links.untold)
        if named.channel == "sms":
            text = track_text(text, lambda target: links.click(named, target), own=links.untold)
    if html and opens:
        html = with_image(html, links.image(named))
    return replace(rendered, html=html, text=text)
