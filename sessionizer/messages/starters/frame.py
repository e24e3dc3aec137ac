"""What do the starters look alike in? The MJML around what each of them says, by day and by night.

Colours keep their contrast (WCAG AA) also where a mail client turns them round by itself.
Reads nothing, writes nothing.
"""

from typing import Literal

Language = Literal["it", "en"]

FONT = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
SERIF = "Georgia, 'Times New Roman', serif"

_STYLE = """
      :root { color-scheme: light dark; supported-color-schemes: light dark; }
      a { color: #1f6f54; }
      .items a { color: #22302b; text-decoration: none; font-weight: 600; }
      .items td { vertical-align: top; border-bottom: 1px solid #e7e2da; padding: 14px 0; }
      .items img { display: block; width: 72px; height: 72px; border-radius: 10px; background: #efebe4; }
      .sums td { padding: 4px 0; }
      .sums .all td { padding-top: 12px; font-size: 19px; font-weight: 600; }
      .note a { color: #5b665f; white-space: nowrap; }
      @media (max-width: 479px) { .card > table > tbody > tr > td { padding: 16px 0 !important; } }
      @media (prefers-color-scheme: dark) {
        body, .page, .page > div { background: #14181a !important; }
        .card, .card > table { background: #1f2528 !important; }
        .ink div, .ink td, .ink h1, .items a, .items td, .sums td { color: #eef1ec !important; }
        .name div, .soft div, .soft td, .note div, .note a, .items .soft, .sums .soft td { color: #a9b4ad !important; }
        .items td { border-color: #343c40 !important; }
        .items img { background: #2b3236 !important; }
        .ink a { color: #7fd3b3 !important; }
        .go td, .go a { background: #26775a !important; color: #ffffff !important; }
        .rule p { border-color: #343c40 !important; }
      }
      [data-ogsc] .ink div, [data-ogsc] .ink td, [data-ogsc] .items a { color: #eef1ec !important; }
      [data-ogsc] .soft div, [data-ogsc] .note div, [data-ogsc] .note a { color: #a9b4ad !important; }"""

_SHOP = {"it": "Il tuo negozio", "en": "Your shop"}
_MARKETING = {
    "it": """Ti scriviamo perché hai chiesto le nostre novità.<br />
          <a href="{{ unsubscribe }}">Non scrivermi più</a> · <a href="{{ update_profile }}">Cambia i tuoi dati</a> ·
          <a href="{{ mirror }}">Apri nel browser</a>""",
    "en": """We write to you because you asked for our news.<br />
          <a href="{{ unsubscribe }}">Unsubscribe</a> · <a href="{{ update_profile }}">Update your details</a> ·
          <a href="{{ mirror }}">Open in the browser</a>""",
}


def framed(language: Language, body: str, *, note: str = "") -> str:
    """A whole message of sections. note: what stands at its foot; the links of marketing where it is ""."""
    return f"""<mjml lang="{language}">
  <mj-head>
    <mj-raw>
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
    </mj-raw>
    <mj-attributes>
      <mj-all font-family="{FONT}" />
      <mj-text font-size="16px" line-height="1.55" color="#22302b" padding="8px 32px" />
      <mj-table font-size="15px" line-height="1.45" color="#22302b" padding="8px 32px" />
      <mj-button background-color="#1f6f54" color="#ffffff" font-size="16px" font-weight="600" border-radius="10px"
        inner-padding="14px 26px" padding="16px 32px" align="left" />
      <mj-section padding="0" />
    </mj-attributes>
    <mj-style>{_STYLE}
    </mj-style>
  </mj-head>
  <mj-body background-color="#f4f1ec" css-class="page">
    <mj-section padding="28px 0 14px">
      <mj-column>
        <mj-text css-class="name" color="#5b665f" font-size="14px" font-weight="600" letter-spacing=".04em">
          {_SHOP[language]}
        </mj-text>
      </mj-column>
    </mj-section>
    <mj-wrapper css-class="card" background-color="#ffffff" border-radius="18px" padding="24px 0">
{body}
    </mj-wrapper>
    <mj-section padding="20px 0 36px">
      <mj-column>
        <mj-text css-class="note" color="#5b665f" font-size="13px" line-height="1.6">
          {note or _MARKETING[language]}
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""


def section(inner: str) -> str:
    """One column of it."""
    return f"""      <mj-section>
        <mj-column>
{inner}
        </mj-column>
      </mj-section>"""


def heading(text: str) -> str:
    """What the message is about, in large letters."""
    return f"""          <mj-text css-class="ink" font-family="{SERIF}" font-size="28px" line-height="1.25">
            <h1 style="margin:0;font-size:28px;font-weight:400">{text}</h1>
          </mj-text>"""


def paragraph(text: str) -> str:
    """Some sentences."""
    return f"""          <mj-text css-class="ink">{text}</mj-text>"""


def button(text: str, address: str) -> str:
    """What to do next."""
    return f"""          <mj-button css-class="go" href="{address}">{text}</mj-button>"""


def goods(language: Language, items: str = "params.items", currency: str = "params.currency") -> str:
    """What was bought, or waits in a cart: picture, name, how many, price."""
    each, money = {"it": "l'uno", "en": "each"}[language], f"money:{currency}, '{language}'"
    return f"""          <mj-table css-class="items ink">
            {{% for item in {items} %}}{{% assign number = item.quantity|default:1 %}}
            <tr>
              <td width="88"><img src="{{{{ item.image }}}}" width="72" height="72" alt="" /></td>
              <td><a href="{{{{ item.url|default:params.url }}}}">{{{{ item.name }}}}</a><br />
                <span class="soft" style="color:#5b665f">{{{{ number }}}} ×
                  {{{{ item.price|{money} }}}}{{% if number > 1 %}} {each}{{% endif %}}</span></td>
              <td align="right" style="white-space:nowrap">{{{{ item.price|times:number|{money} }}}}</td>
            </tr>
            {{% endfor %}}
          </mj-table>"""
