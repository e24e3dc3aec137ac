from starlette.routing import Route

from collector.api.openapi import Book
from collector.services import Services
from collector.ui.guard import Guard


def routes(services: Services, guard: Guard, book: Book) -> list[Route]:
    return []
