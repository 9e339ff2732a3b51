"""Scenes of `edgedetr synth scenes` as training data: the sizes and pixels that the detector will see."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from PIL import Image

MEAN = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
DEVIATION = torch.tensor([0.229, 0.224, 0.225])[:, None, None]


class Scenes:
    """Pictures [N, H, W, 3] uint8, resized by Pillow's bilinear filter, and boxes (cx, cy, w, h in shares)."""

    def __init__(self, folder, height, width):
        with open(os.path.join(folder, "annotations.json")) as file:
            ground_truth = json.load(file)
        self.classes = [c["name"] for c in sorted(ground_truth["categories"], key=lambda c: c["id"])]
        images = ground_truth["images"]
        self.pictures = np.empty((len(images), height, width, 3), np.uint8)

        def read(index):
            path = os.path.join(folder, "images", images[index]["file_name"])
            picture = Image.open(path).resize((width, height), Image.BILINEAR)
            self.pictures[index] = np.asarray(picture)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(read, range(len(images))))
        place = {image["id"]: index for index, image in enumerate(images)}
        size = {image["id"]: (image["width"], image["height"]) for image in images}
        boxes = [[] for _ in images]
        labels = [[] for _ in images]
        for annotation in ground_truth["annotations"]:
            x, y, w, h = annotation["bbox"]
            columns, rows = size[annotation["image_id"]]
            index = place[annotation["image_id"]]
            boxes[index].append([(x + w / 2) / columns, (y + h / 2) / rows, w / columns, h / rows])
            labels[index].append(annotation["category_id"])
        self.boxes = [np.array(b, np.float32).reshape(-1, 4) for b in boxes]
        self.labels = [np.array(l, np.int64) for l in labels]

    def batch(self, indices, random):
        """Normalised pictures [B, 3, H, W] and targets, with flips and changes of brightness and colour."""
        pictures, targets = [], []
        for index in indices:
            picture, boxes = self.pictures[index], self.boxes[index].copy()
            if random.random() < 0.5:
                picture, boxes[:, 0] = picture[:, ::-1], 1 - boxes[:, 0]
            if random.random() < 0.5:
                picture, boxes[:, 1] = picture[::-1], 1 - boxes[:, 1]
            x = torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1))).float() / 255
            x = x * random.uniform(0.8, 1.2)
            mean = x.mean()
            x = (x - mean) * random.uniform(0.8, 1.25) + mean
            x = x * torch.tensor([random.uniform(0.93, 1.07) for _ in range(3)])[:, None, None]
            pictures.append((x.clamp(0, 1) - MEAN) / DEVIATION)
            targets.append((torch.from_numpy(boxes), torch.from_numpy(self.labels[index])))
        return torch.stack(pictures), targets
