"""What cannot be used? Said in one sentence: the file, the column, and what to do."""


class Unusable(Exception):
    """An input that cannot be read, an output that cannot be written; the message is for whoever typed the command."""


class MissingColumn(Unusable):
    """An input lacks what every row must have."""

    def __init__(self, where: str, column: str, there: list[str]) -> None:
        hint = f"rename one of its columns to it: {', '.join(there[:20])}" if there else "it is empty"
        super().__init__(f"{where}: has no column {column}; {hint}")
