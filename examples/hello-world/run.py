from cog import BaseRunner, Input

GREETINGS = {"English": "Hello", "Deutsch": "Hallo", "Français": "Bonjour", "Español": "Hola"}


class Runner(BaseRunner):
    def run(
        self,
        name: str = Input(
            description="Who to greet", default="World", min_length=1, max_length=200
        ),
        language: str = Input(
            description="Language of the greeting",
            choices=["English", "Deutsch", "Français", "Español"],
            default="English",
        ),
        repetitions: int = Input(
            description="How many times to greet, one line each", default=1, ge=1, le=100
        ),
    ) -> str:
        """Greet someone."""
        line = f"{GREETINGS[language]}, {name.strip() or 'World'}!"
        return "\n".join([line] * repetitions)
