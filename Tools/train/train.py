"""Trains the detector on rendered scenes and writes it as a Hugging Face folder.

    edgedetr synth scenes --count 4000 --seed 1000 -o scenes
    python train.py --scenes scenes --small-until 1400 --steps 3600 --state run.pt -o conveyor

The state file is written every few minutes; the same command goes on from it. Checkpoints are of the moving average.
The first steps may be on smaller pictures, which cost less and teach as much at that time.
"""

import argparse
import copy
import math
import os
import random
import time

import torch

from detector import SETTINGS, DeformableDetr
from export import write_checkpoint
from losses import detector_loss, noised_boxes
from scenes import Scenes

HEIGHT, WIDTH = 240, 320
SMALL_HEIGHT, SMALL_WIDTH = 192, 256


def rate_at(step, steps, peak):
    """A warm-up, a plateau, and a fall by the cosine in the last two fifths."""
    if step < 200:
        return peak * (step + 1) / 200
    share = max(0.0, (step / steps - 0.6) / 0.4)
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(share, 1))))


@torch.no_grad()
def follow(average, model, keep):
    for a, b in zip(average.state_dict().values(), model.state_dict().values()):
        if a.dtype.is_floating_point:
            a.lerp_(b, 1 - keep)
        else:
            a.copy_(b)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", required=True, help="folder of edgedetr synth scenes")
    parser.add_argument("--steps", type=int, default=9000)
    parser.add_argument("--small-until", type=int, default=0, help="steps on pictures of 192x256")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so many minutes, resumable")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", default="run.pt")
    parser.add_argument("-o", "--output", default="conveyor")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    scenes = Scenes(options.scenes, HEIGHT, WIDTH)
    small = Scenes(options.scenes, SMALL_HEIGHT, SMALL_WIDTH) if options.small_until else None
    model = DeformableDetr(len(scenes.classes)).to(memory_format=torch.channels_last)
    average = copy.deepcopy(model)
    slow = [p for n, p in model.named_parameters() if "sampling_offsets" in n]
    rest = [p for n, p in model.named_parameters() if "sampling_offsets" not in n]
    optimizer = torch.optim.AdamW([{"params": rest, "scale": 1.0}, {"params": slow, "scale": 0.2}], weight_decay=0.01)
    step, seen = 0, 0
    if os.path.exists(options.state):
        saved = torch.load(options.state)
        model.load_state_dict(saved["model"])
        average.load_state_dict(saved["average"])
        optimizer.load_state_dict(saved["optimizer"])
        step = saved["step"]
    generator = torch.Generator().manual_seed(options.seed + step)
    choice = random.Random(options.seed * 1_000_003 + step)
    start = last_save = time.time()
    sums = {}

    def save():
        state = dict(model=model.state_dict(), average=average.state_dict(), optimizer=optimizer.state_dict(), step=step)
        torch.save(state, options.state + ".new")
        os.replace(options.state + ".new", options.state)
        write_checkpoint(average, scenes.classes, HEIGHT, WIDTH, options.output)

    while step < options.steps and time.time() - start < 60 * options.minutes:
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, options.steps, options.rate) * group["scale"]
        indices = [choice.randrange(len(scenes.boxes)) for _ in range(options.batch)]
        pictures, targets = (small if step < options.small_until else scenes).batch(indices, choice)
        noised, pairs = noised_boxes(targets, 3, generator)
        output = model(pictures, noised)
        loss, figures = detector_loss(output, targets, SETTINGS["queries"], pairs)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        seen += options.batch
        follow(average, model, min(0.998, 1 - 1 / (step + 1)))
        for name, value in dict(figures, loss=loss.item()).items():
            sums[name] = sums.get(name, 0) + value
        if step % 25 == 0:
            speed = seen / (time.time() - start)
            text = "  ".join(f"{name} {value / 25:.3f}" for name, value in sums.items())
            print(f"step {step}  {text}  {speed:.1f} scenes/s", flush=True)
            sums = {}
        if time.time() - last_save > 300:
            save()
            last_save = time.time()
    save()


if __name__ == "__main__":
    main()
