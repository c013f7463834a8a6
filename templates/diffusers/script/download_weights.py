"""Puts the model's weights into weights/, where the build finds them: run it once, before the first build.

    pip install huggingface_hub
    python script/download_weights.py

A revision is a commit: the same files come down every time.
"""
from pathlib import Path

from huggingface_hub import snapshot_download

REPOSITORY = "stabilityai/stable-diffusion-xl-base-1.0"
REVISION = "462165984030d82259a11f4367a4eed129e94a7b"
FILES = ["model_index.json", "*/*.json", "*/merges.txt", "*/*.fp16.safetensors"]
UNUSED = ["vae_1_0/*", "vae_decoder/*", "vae_encoder/*"]

if __name__ == "__main__":
    weights = Path(__file__).resolve().parent.parent / "weights"
    snapshot_download(
        REPOSITORY, revision=REVISION, local_dir=weights, allow_patterns=FILES, ignore_patterns=UNUSED
    )
    print(f"the weights are in {weights}")
