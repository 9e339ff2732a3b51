"""Set prediction losses: Hungarian matching, a classification that learns the IoU, denoising, one token an object."""

import math

import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment


def corners(boxes):
    return torch.cat([boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2], -1)


def overlap(a, b):
    """IoU and generalised IoU (Rezatofighi et al., CVPR 2019) of boxes as corners."""
    low, high = torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:])
    shared = (high - low).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - shared
    iou = shared / union.clamp(min=1e-7)
    low, high = torch.minimum(a[..., :2], b[..., :2]), torch.maximum(a[..., 2:], b[..., 2:])
    hull = (high - low).prod(-1).clamp(min=1e-7)
    return iou, iou - (hull - union) / hull


@torch.no_grad()
def match(logits, boxes, target_boxes, target_classes):
    """The assignment of least cost: class 2, L1 5, generalised IoU 2. Returns queries and objects."""
    if len(target_boxes) == 0:
        return torch.zeros(0, dtype=torch.long), torch.zeros(0, dtype=torch.long)
    p = logits.sigmoid()
    negative = 0.75 * p**2 * -(1 - p + 1e-8).log()
    positive = 0.25 * (1 - p) ** 2 * -(p + 1e-8).log()
    cost = 2 * (positive - negative)[:, target_classes]
    cost = cost + 5 * torch.cdist(boxes, target_boxes, p=1)
    cost = cost - 2 * overlap(corners(boxes)[:, None], corners(target_boxes)[None])[1]
    rows, columns = linear_sum_assignment(cost.numpy())
    return torch.from_numpy(rows), torch.from_numpy(columns)


def set_loss(logits, boxes, targets, pairs=None):
    """The loss of one prediction head: classes learn the IoU (varifocal, Zhang et al., CVPR 2021), boxes L1 and GIoU."""
    batch, query, box, label = [], [], [], []
    for index, (target_boxes, target_classes) in enumerate(targets):
        if pairs is None:
            rows, columns = match(logits[index].detach(), boxes[index].detach(), target_boxes, target_classes)
        else:
            rows, columns = pairs[index]
        batch.append(torch.full_like(rows, index))
        query.append(rows)
        box.append(target_boxes[columns])
        label.append(target_classes[columns])
    batch, query, box, label = (torch.cat(x) for x in (batch, query, box, label))
    count = max(len(batch), 1)
    found = boxes[batch, query]
    iou, giou = overlap(corners(found), corners(box))
    quality = torch.zeros_like(logits)
    quality[batch, query, label] = iou.detach().clamp(min=0)
    is_object = torch.zeros_like(logits)
    is_object[batch, query, label] = 1
    p = logits.detach().sigmoid()
    weight = 0.75 * p**2 * (1 - is_object) + is_object * (0.5 + 0.5 * quality)
    classification = F.binary_cross_entropy_with_logits(logits, quality, weight=weight, reduction="sum")
    return (classification + 5 * (found - box).abs().sum() + 2 * (1 - giou).sum()) / count


def noised_boxes(targets, groups, generator):
    """Boxes to be repaired by the decoder (DN-DETR, Li et al., CVPR 2022): groups that do not see each other."""
    most = max(len(boxes) for boxes, _ in targets)
    if most == 0:
        return None, None
    noised = torch.full((len(targets), most * groups, 4), 0.5)
    pairs = []
    for index, (boxes, _) in enumerate(targets):
        rows = []
        for group in range(groups):
            strength = 0.2 if group < groups - 1 else 0.4
            size = torch.cat([boxes[:, 2:], boxes[:, 2:]], 1)
            edges = corners(boxes) + (torch.rand(len(boxes), 4, generator=generator) * 2 - 1) * strength * size
            low = torch.minimum(edges[:, :2], edges[:, 2:] - 0.004)
            high = torch.maximum(edges[:, 2:], edges[:, :2] + 0.004)
            place = group * most
            moved = torch.cat([(low + high) / 2, high - low], 1).clamp(0.002, 0.998)
            noised[index, place : place + len(boxes)] = moved
            rows.append(torch.arange(len(boxes)) + place)
        pairs.append((torch.cat(rows), torch.arange(len(boxes)).repeat(groups)))
    group = torch.arange(most * groups) // most
    return (noised, group[:, None] != group[None]), pairs


def token_of_each_object(targets, grid, shapes):
    """The one token of the encoder that stands for an object: of the level whose anchors are of its size, the one
    nearest to its centre that no smaller object has. Several would teach duplicates."""
    starts = [0]
    for height, width in shapes:
        starts.append(starts[-1] + height * width)
    pairs = []
    for boxes, _ in targets:
        taken, tokens, objects = set(), [], []
        for index in torch.argsort(boxes[:, 2] * boxes[:, 3]).tolist():
            x, y, w, h = boxes[index].tolist()
            side = (w * h) ** 0.5
            level = min(range(len(shapes)), key=lambda l: abs(math.log2(max(side, 1e-6) / (0.05 * 2**l))))
            height, width = shapes[level]
            column, row = int(x * width), int(y * height)
            near = [
                ((x * width - c - 0.5) ** 2 + (y * height - r - 0.5) ** 2, starts[level] + r * width + c)
                for r in range(max(row - 1, 0), min(row + 2, height))
                for c in range(max(column - 1, 0), min(column + 2, width))
            ]
            for _, token in sorted(near):
                if token not in taken and grid.valid[token]:
                    taken.add(token)
                    tokens.append(token)
                    objects.append(index)
                    break
        pairs.append((torch.tensor(tokens, dtype=torch.long), torch.tensor(objects, dtype=torch.long)))
    return pairs


def detector_loss(output, targets, queries, noise_pairs):
    """The sum over decoder layers, denoising and encoder; and figures to print."""
    total, figures = 0, {}
    for logits, boxes in zip(output["classes"], output["boxes"]):
        layer = set_loss(logits[:, :queries], boxes[:, :queries], targets)
        figures["layer"] = layer.item()
        total = total + layer
        if noise_pairs is not None:
            total = total + 0.5 * set_loss(logits[:, queries:], boxes[:, queries:], targets, noise_pairs)
    pairs = token_of_each_object(targets, output["grid"], output["shapes"])
    anonymous = [(boxes, torch.zeros_like(classes)) for boxes, classes in targets]
    tokens = set_loss(output["token_logits"][..., None], output["token_boxes"], anonymous, pairs)
    # Other tokens stay at their anchors, so that they do not compete for the object.
    weight = torch.full(output["token_logits"].shape, 0.02) * output["grid"].valid
    weight.scatter_(1, output["chosen"], 0.3)
    hits = 0
    for index, (rows, _) in enumerate(pairs):
        weight[index, rows] = 0
        hits += (output["chosen"][index, :, None] == rows[None]).any(0).sum().item()
    count = max(sum(len(rows) for rows, _ in pairs), 1)
    anchors = output["grid"].anchors[None].expand_as(output["token_boxes"])
    valid = output["grid"].valid
    moved = (output["token_boxes"] - anchors)[:, valid].abs().sum(-1)
    apart = 1 - overlap(corners(output["token_boxes"][:, valid]), corners(anchors[:, valid]))[1]
    staying = ((5 * moved + 2 * apart) * weight[:, valid]).sum() / count
    figures.update(tokens=tokens.item(), staying=staying.item(), hits=hits / count)
    return total + tokens + staying, figures
