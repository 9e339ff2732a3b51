"""Multi-scale deformable attention as one weighted sum of rows, which PyTorch does fast on a CPU."""

import torch
import torch.nn.functional as F
from torch import nn


def sample(value, shapes, locations, weights):
    """Bilinear samples of all levels, weighted and added up.

    value      [B, S, H, C]          tokens of all levels, one level after the other
    shapes     [(height, width)] * L
    locations  [B, Q, H, L, P, 2]    x, y in shares of the level; outside of it everything is 0
    weights    [B, Q, H, L, P]
    returns    [B, Q, H * C]

    A sample is four rows of `value` with four weights, so all samples of a query and head are one "bag"
    of `embedding_bag`; gradients to locations flow through the bilinear weights.
    """
    batch, tokens, heads, channels = value.shape
    queries = locations.shape[1]
    device = value.device
    size = torch.tensor([[w, h] for h, w in shapes], dtype=value.dtype, device=device)
    starts = [0]
    for height, width in shapes[:-1]:
        starts.append(starts[-1] + height * width)
    start = torch.tensor(starts, device=device)[:, None]
    position = locations * size[:, None, :] - 0.5
    corner = position.detach().floor()
    fraction = position - corner
    x0, y0 = corner[..., 0].long(), corner[..., 1].long()
    width = size[:, :1].long()
    height = size[:, 1:].long()
    indices, shares = [], []
    for dy in (0, 1):
        for dx in (0, 1):
            x, y = x0 + dx, y0 + dy
            inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
            share_x = fraction[..., 0] if dx else 1 - fraction[..., 0]
            share_y = fraction[..., 1] if dy else 1 - fraction[..., 1]
            token = start + y.clamp(min=0).minimum(height - 1) * width
            token = token + x.clamp(min=0).minimum(width - 1)
            indices.append(token)
            shares.append(share_x * share_y * weights * inside)
    index = torch.stack(indices, -1).flatten(3)
    share = torch.stack(shares, -1).flatten(3)
    offset = torch.arange(batch, device=device)[:, None, None, None] * tokens
    rows = (index + offset) * heads + torch.arange(heads, device=device)[None, None, :, None]
    bags = rows.reshape(-1, rows.shape[-1])
    table = value.reshape(batch * tokens * heads, channels)
    summed = F.embedding_bag(bags, table, per_sample_weights=share.reshape(bags.shape), mode="sum")
    return summed.view(batch, queries, heads * channels)


class DeformableAttention(nn.Module):
    def __init__(self, width, heads, levels, points):
        super().__init__()
        self.heads, self.levels, self.points = heads, levels, points
        self.sampling_offsets = nn.Linear(width, heads * levels * points * 2)
        self.attention_weights = nn.Linear(width, heads * levels * points)
        self.value_proj = nn.Linear(width, width)
        self.output_proj = nn.Linear(width, width)
        nn.init.zeros_(self.sampling_offsets.weight)
        nn.init.zeros_(self.attention_weights.weight)
        nn.init.zeros_(self.attention_weights.bias)
        # Each head begins to look into a direction of its own, the farther the higher the point.
        angles = torch.arange(heads) * (2 * torch.pi / heads)
        direction = torch.stack([angles.cos(), angles.sin()], -1)
        direction = direction / direction.abs().amax(-1, keepdim=True)
        grid = direction[:, None, None, :].repeat(1, levels, points, 1)
        grid = grid * torch.arange(1, points + 1)[None, None, :, None]
        with torch.no_grad():
            self.sampling_offsets.bias.copy_(grid.reshape(-1))

    def forward(self, query, memory, shapes, references):
        """references: [B, Q, 2] (points) or [B, Q, 4] (boxes), shares of the picture."""
        batch, queries, width = query.shape
        value = self.value_proj(memory).view(batch, -1, self.heads, width // self.heads)
        grid = (batch, queries, self.heads, self.levels, self.points)
        offsets = self.sampling_offsets(query).view(*grid, 2)
        weights = self.attention_weights(query).view(batch, queries, self.heads, -1)
        weights = weights.softmax(-1).view(grid)
        centre = references[:, :, None, None, None, :2]
        if references.shape[-1] == 4:
            span = references[:, :, None, None, None, 2:]
            locations = centre + offsets / self.points * span * 0.5
        else:
            size = torch.tensor([[w, h] for h, w in shapes], dtype=query.dtype)
            locations = centre + offsets / size[:, None, :]
        return self.output_proj(sample(value, shapes, locations, weights))
