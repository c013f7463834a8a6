import tempfile

from cog import BaseModel, Input, Path

from model import TextClassifier, read_examples


class TrainingOutput(BaseModel):
    weights: Path


def train(
    train_data: Path = Input(
        description="CSV file with the columns text and label. A few hundred examples of each label are a good start.",
        accept=".csv,text/csv",
    ),
    epochs: int = Input(
        description="How often to go through the examples. 100 to 500 suits most data; the loss in the log says when it is enough.",
        default=200,
        ge=1,
        le=10_000,
    ),
    learning_rate: float = Input(
        description="How far each step goes. 1 to 10 suits most data; lower it where the loss jumps.",
        default=5.0,
        ge=0.001,
        le=100,
    ),
) -> TrainingOutput:
    """Learns to label texts from examples."""
    texts, labels = read_examples(train_data)
    print(f"{len(texts)} examples of {len(set(labels))} labels")

    def report(epoch: int, loss: float) -> None:
        if epoch == epochs or epoch % max(1, epochs // 10) == 0:
            print(f"epoch {epoch}: loss {loss:.4f}")

    classifier = TextClassifier.train(texts, labels, epochs, learning_rate, report)
    weights = Path(tempfile.mkdtemp()) / "weights.npz"
    classifier.save(weights)
    return TrainingOutput(weights=weights)
