import secrets
import tempfile
from typing import Optional

import torch
from cog import BaseRunner, Input, Path
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    StableDiffusionXLPipeline,
)

from sizes import round_down

WEIGHTS = "weights"  # made by script/download_weights.py
FORMATS = {"png": "PNG", "webp": "WEBP", "jpg": "JPEG"}


class Runner(BaseRunner):
    def setup(self) -> None:
        """Loads the weights once, before the first request; nothing is downloaded."""
        self.pipeline = StableDiffusionXLPipeline.from_pretrained(
            WEIGHTS,
            local_files_only=True,
            variant="fp16",
            torch_dtype=torch.float16,
            use_safetensors=True,
        ).to("cuda")
        config = self.pipeline.scheduler.config
        self.schedulers = {
            "Euler": EulerDiscreteScheduler.from_config(config),
            "Euler ancestral": EulerAncestralDiscreteScheduler.from_config(config),
            "DPM++ 2M Karras": DPMSolverMultistepScheduler.from_config(config, use_karras_sigmas=True),
            "DDIM": DDIMScheduler.from_config(config),
        }

    @torch.inference_mode()
    def run(
        self,
        prompt: str = Input(
            description="What you want to see, in plain words: the subject first, then place, light and style.",
            default="A lighthouse on a cliff at dusk, warm light in the windows, oil painting",
        ),
        negative_prompt: str = Input(
            description="What you do not want to see, such as: blurry, text, frame.",
            default="",
        ),
        width: int = Input(
            description="Width of the image in pixels, rounded down to a multiple of 8. About 1024 x 1024 looks best.",
            default=1024,
            ge=256,
            le=2048,
        ),
        height: int = Input(
            description="Height of the image in pixels, rounded down to a multiple of 8.",
            default=1024,
            ge=256,
            le=2048,
        ),
        num_outputs: int = Input(
            description="How many images to make at once. Each needs more memory and time.",
            default=1,
            ge=1,
            le=4,
        ),
        num_inference_steps: int = Input(
            description="How many steps to take. 20 to 40 is enough for most images; more take longer.",
            default=30,
            ge=1,
            le=200,
        ),
        scheduler: str = Input(
            description="The way from noise to image. Euler is a safe choice, DPM++ 2M Karras needs fewer steps.",
            choices=["Euler", "Euler ancestral", "DPM++ 2M Karras", "DDIM"],
            default="Euler",
        ),
        guidance_scale: float = Input(
            description="How closely to follow the prompt. 5 to 8 suits most prompts; lower is freer, above 12 colours become harsh.",
            default=6.5,
            ge=0,
            le=30,
        ),
        seed: Optional[int] = Input(
            description="The same number with the same inputs gives the same image again; leave it empty for a new one.",
            default=None,
            ge=0,
            le=4294967295,
        ),
        output_format: str = Input(
            description="File format of the images. png loses nothing, webp and jpg are smaller.",
            choices=["png", "webp", "jpg"],
            default="webp",
        ),
        output_quality: int = Input(
            description="Quality of webp and jpg, from 1 to 100. 80 to 95 looks like the original; png does not need it.",
            default=90,
            ge=1,
            le=100,
        ),
    ) -> list[Path]:
        """Paints images from a description."""
        if seed is None:
            seed = secrets.randbits(32)
        print(f"seed: {seed}")
        self.pipeline.scheduler = self.schedulers[scheduler]
        images = self.pipeline(
            prompt=prompt,
            negative_prompt=negative_prompt,
            width=round_down(width),
            height=round_down(height),
            num_images_per_prompt=num_outputs,
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            generator=torch.Generator("cuda").manual_seed(seed),
        ).images
        directory = Path(tempfile.mkdtemp())
        options = {} if output_format == "png" else {"quality": output_quality}
        paths = []
        for number, image in enumerate(images):
            path = directory / f"image-{number}.{output_format}"
            image.save(path, FORMATS[output_format], **options)
            paths.append(path)
        return paths
