"""A salesperson writes again after a talk: a short letter, without a picture, as one person writes to another."""

from sessionizer.messages.message import Content


def letter(language: str, paragraphs: tuple[str, ...]) -> str:
    """Paragraphs as one person writes them to another."""
    style = "font:16px/1.55 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;max-width:600px;padding:20px"
    inner = "\n".join(f"    <p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html>
<html lang="{language}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <style>:root {{ color-scheme: light dark }}</style>
  </head>
  <body style="margin:0">
    <div style="{style}">
{inner}
    </div>
  </body>
</html>
"""


IT = Content(
    "email",
    subject="Due righe dopo la nostra chiacchierata",
    html=letter(
        "it",
        (
            "Buongiorno{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME|capfirst }}{% endif %},",
            "grazie del tempo che mi ha dedicato. Le riassumo quello che ci siamo detti: [il punto principale, in una "
            "frase].",
            "Il prossimo passo sarebbe [che cosa, entro quando]. Le torna? Se preferisce sentirci a voce, mi indichi "
            "due orari e la chiamo io.",
            "Se invece non è il momento, me lo dica senza problemi: non le scriverò oltre. "
            '(<a href="{{ unsubscribe }}">Basta un clic.</a>)',
            "Un saluto,<br />[nome e numero di telefono]",
        ),
    ),
)
EN = Content(
    "email",
    subject="A note after our talk",
    html=letter(
        "en",
        (
            "Hello{% if contact.FIRSTNAME %} {{ contact.FIRSTNAME|capfirst }}{% endif %},",
            "thank you for your time. This is what I took from it: [the main point, in one sentence].",
            "The next step would be [what, by when]. Does that work for you? If you would rather talk, send me two "
            "times that suit you and I will call.",
            "And if now is not the moment, just say so: I will not write again. "
            '(<a href="{{ unsubscribe }}">One click does it.</a>)',
            "All the best,<br />[name and telephone number]",
        ),
    ),
)
