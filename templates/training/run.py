from typing import Optional

from cog import BaseModel, BaseRunner, Input, Path

from model import TextClassifier, read_examples


class Classification(BaseModel):
    label: str
    confidence: float


class Runner(BaseRunner):
    def setup(self) -> None:
        """Learns the examples that come with the model: enough to try it without a training."""
        texts, labels = read_examples("examples.csv")
        self.classifier = TextClassifier.train(texts, labels, epochs=200, learning_rate=5.0)

    def run(
        self,
        text: str = Input(
            description="Text to label, a sentence or a short paragraph.",
            default="The staff were friendly and the food was delicious.",
            min_length=1,
            max_length=100_000,
        ),
        weights: Optional[Path] = Input(
            description="Weights that a training of this model returned. Without them the model tells positive from negative.",
            default=None,
        ),
    ) -> list[Classification]:
        """Says which label fits a text, the likeliest first."""
        classifier = self.classifier if weights is None else TextClassifier.load(weights)
        return [
            Classification(label=label, confidence=confidence)
            for label, confidence in classifier.classify(text).items()
        ]
