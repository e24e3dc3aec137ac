"""What holds for all automations, and is this definition sound? `/api/automations/rules`, `/api/automations/check`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.api.automations.bodies import LEVELS, CheckAnswer, RulesAnswer, fault_of, rules_of
from collector.api.automations.desk import Desk
from collector.api.frame.answer import answer
from collector.api.frame.auth import require
from collector.api.frame.body import bad_body, body_of
from collector.api.frame.operation import operation
from collector.api.frame.params import Params
from collector.services import Services
from sessionizer.automations.definition import Definition, HouseRules


def routes(services: Services) -> list[Route]:
    """Rules of the house, and a check that keeps nothing."""
    desk, path = Desk(services), "/api/automations/rules"

    @operation(answers={200: RulesAnswer})
    async def get(request: Request) -> Response:
        """Quiet hours, and how many marketing messages one contact gets of all automations together."""
        Params(request, ())
        return answer(rules_of(await desk.rules()))

    @operation(body=HouseRules, answers={200: RulesAnswer})
    async def put(request: Request) -> Response:
        """They hold from now on, also for who is in already."""
        rules = checked(await body_of(request, HouseRules))
        await desk.put_rules(rules)
        return answer(rules_of(rules))

    @operation(body=Definition, answers={200: CheckAnswer})
    async def check(request: Request) -> Response:
        """Everything that is wrong in a definition; nothing is kept."""
        found = await desk.faults(await body_of(request, Definition, levels=LEVELS))
        return answer(CheckAnswer(tuple(map(fault_of, found))))

    return [
        Route("/api/automations/check", require(services, "read", check), methods=["POST"]),
        Route(path, require(services, "read", get), methods=["GET"]),
        Route(path, require(services, "write", put), methods=["PUT"]),
    ]


def checked(rules: HouseRules) -> HouseRules:
    """Themselves. Raises Problem 400."""
    if bool(rules.quiet_from) != bool(rules.quiet_to):
        raise bad_body(["quiet_from", "quiet_to"], "both of them, or neither")
    if rules.quiet_from and rules.quiet_from == rules.quiet_to:
        raise bad_body(["quiet_to"], "another time than quiet_from: between the same times is no hour, or every one")
    return rules
