import numpy as np
import onnxruntime
from cog import BaseModel, BaseRunner, Input, Path
from PIL import Image, ImageOps

SIDE = 64  # pixels; what the model was made for


class Classification(BaseModel):
    label: str
    confidence: float


class Runner(BaseRunner):
    def setup(self) -> None:
        self.labels = Path("labels.txt").read_text(encoding="utf-8").split()
        self.session = onnxruntime.InferenceSession(
            "weights/model.onnx", providers=["CPUExecutionProvider"]
        )

    def run(
        self,
        image: Path = Input(
            description="Picture to classify, in any common format; it is scaled to 64 x 64 pixels",
            accept="image/*",
        ),
        top_k: int = Input(description="How many of the likeliest labels to return", default=3, ge=1, le=16),
    ) -> list[Classification]:
        """Say what a picture shows. The weights are random: this shows the plumbing, not skill."""
        with Image.open(image) as source:
            source.draft("RGB", (SIDE, SIDE))
            picture = ImageOps.exif_transpose(source).convert("RGBA")
        picture = ImageOps.fit(picture, (SIDE, SIDE))
        white = Image.new("RGBA", picture.size, "white")
        pixels = np.asarray(Image.alpha_composite(white, picture).convert("RGB"), dtype=np.float32)
        batch = (pixels / 127.5 - 1).reshape(1, -1)
        (probabilities,) = self.session.run(["probabilities"], {"pixels": batch})
        best = np.argsort(-probabilities[0], kind="stable")[:top_k]
        return [
            Classification(label=self.labels[i], confidence=float(probabilities[0][i])) for i in best
        ]
