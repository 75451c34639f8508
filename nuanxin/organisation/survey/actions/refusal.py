class SurveyRefused(Exception):
    """Something that the survey does not do; the message says why and what to do instead."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
