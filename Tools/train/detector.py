"""A small two-stage Deformable DETR with box refinement, with the tensor names of Hugging Face's.

The state dictionary is that of transformers' DeformableDetrForObjectDetection with a ResNet of basic blocks, so
a checkpoint is written as it is. Deformable DETR: Zhu et al., ICLR 2021.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from deformable_attention import DeformableAttention

SETTINGS = dict(
    stem=32,
    widths=[32, 64, 128, 192],
    depths=[1, 2, 2, 1],
    d_model=128,
    heads=8,
    points=4,
    levels=4,
    encoder_layers=3,
    decoder_layers=3,
    ffn=384,
    queries=100,
)


class Normalized(nn.Module):
    """Convolution and batch norm, perhaps a ReLU."""

    def __init__(self, inputs, outputs, kernel, stride=1, activate=True):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.normalization = nn.BatchNorm2d(outputs, momentum=0.03)
        self.activate = activate
        nn.init.kaiming_normal_(self.convolution.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = self.normalization(self.convolution(x))
        return F.relu(x) if self.activate else x


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        if inputs != outputs or stride != 1:
            self.shortcut = Normalized(inputs, outputs, 1, stride, activate=False)
        self.layer = nn.Sequential(
            Normalized(inputs, outputs, 3, stride), Normalized(outputs, outputs, 3, activate=False)
        )
        nn.init.constant_(self.layer[1].normalization.weight, 0.2)

    def forward(self, x):
        kept = self.shortcut(x) if hasattr(self, "shortcut") else x
        return F.relu(self.layer(x) + kept)


class Holder(nn.Module):
    """A module that only holds others, for the sake of their names."""

    def __init__(self, **modules):
        super().__init__()
        for name, module in modules.items():
            self.add_module(name, module)


class ResNet(nn.Module):
    def __init__(self, stem, widths, depths):
        super().__init__()
        self.embedder = Holder(embedder=Normalized(3, stem, 7, 2))
        stages, inputs = [], stem
        for index, (width, depth) in enumerate(zip(widths, depths)):
            blocks = [BasicBlock(inputs, width, 1 if index == 0 else 2)]
            blocks += [BasicBlock(width, width, 1) for _ in range(depth - 1)]
            stages.append(Holder(layers=nn.Sequential(*blocks)))
            inputs = width
        self.encoder = Holder(stages=nn.ModuleList(stages))

    def forward(self, x):
        x = F.max_pool2d(self.embedder.embedder(x), 3, 2, 1)
        maps = []
        for stage in self.encoder.stages:
            x = stage.layers(x)
            maps.append(x)
        return maps[1:]


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, x, positions, mask):
        batch, queries, width = x.shape

        def split(y):
            return y.view(batch, queries, self.heads, -1).transpose(1, 2)

        q, k = self.q_proj(x + positions), self.k_proj(x + positions)
        y = F.scaled_dot_product_attention(split(q), split(k), split(self.v_proj(x)), attn_mask=mask)
        return self.out_proj(y.transpose(1, 2).reshape(batch, queries, width))


class EncoderLayer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.self_attn = DeformableAttention(s["d_model"], s["heads"], s["levels"], s["points"])
        self.self_attn_layer_norm = nn.LayerNorm(s["d_model"])
        self.fc1 = nn.Linear(s["d_model"], s["ffn"])
        self.fc2 = nn.Linear(s["ffn"], s["d_model"])
        self.final_layer_norm = nn.LayerNorm(s["d_model"])

    def forward(self, x, positions, shapes, references):
        x = self.self_attn_layer_norm(x + self.self_attn(x + positions, x, shapes, references))
        return self.final_layer_norm(x + self.fc2(F.relu(self.fc1(x))))


class DecoderLayer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.self_attn = SelfAttention(s["d_model"], s["heads"])
        self.self_attn_layer_norm = nn.LayerNorm(s["d_model"])
        self.encoder_attn = DeformableAttention(s["d_model"], s["heads"], s["levels"], s["points"])
        self.encoder_attn_layer_norm = nn.LayerNorm(s["d_model"])
        self.fc1 = nn.Linear(s["d_model"], s["ffn"])
        self.fc2 = nn.Linear(s["ffn"], s["d_model"])
        self.final_layer_norm = nn.LayerNorm(s["d_model"])

    def forward(self, x, positions, memory, shapes, references, mask):
        x = self.self_attn_layer_norm(x + self.self_attn(x, positions, mask))
        looked = self.encoder_attn(x + positions, memory, shapes, references)
        x = self.encoder_attn_layer_norm(x + looked)
        return self.final_layer_norm(x + self.fc2(F.relu(self.fc1(x))))


class BoxHead(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, 4)])
        nn.init.zeros_(self.layers[2].weight)
        nn.init.zeros_(self.layers[2].bias)

    def forward(self, x):
        return self.layers[2](F.relu(self.layers[1](F.relu(self.layers[0](x)))))


def inverse_sigmoid(x, epsilon=1e-5):
    x = x.clamp(0, 1)
    return torch.log(x.clamp(min=epsilon) / (1 - x).clamp(min=epsilon))


def sine_code(positions, features):
    """Sines and cosines of the last axis (shares of the picture), `features` numbers each."""
    frequency = 10000 ** (2 * (torch.arange(features) // 2) / features)
    angle = positions[..., None] * (2 * math.pi) / frequency
    return torch.stack([angle[..., 0::2].sin(), angle[..., 1::2].cos()], -1).flatten(-2)


class Grid:
    """What depends on the sizes of the levels only: references, positions, anchors."""

    def __init__(self, shapes, width):
        centres, positions, anchors = [], [], []
        for level, (height, columns) in enumerate(shapes):
            y = (torch.arange(height) + 0.5) / height
            x = (torch.arange(columns) + 0.5) / columns
            gy, gx = torch.meshgrid(y, x, indexing="ij")
            centre = torch.stack([gx, gy], -1).view(-1, 2)
            centres.append(centre)
            code = torch.cat([sine_code(centre[:, 1], width // 2), sine_code(centre[:, 0], width // 2)], -1)
            positions.append(code)
            anchors.append(torch.cat([centre, torch.full_like(centre, 0.05 * 2.0**level)], -1))
        self.centres = torch.cat(centres)[None]
        self.positions = positions
        self.anchors = torch.cat(anchors)
        self.valid = ((self.anchors > 0.01) & (self.anchors < 0.99)).all(-1)
        logits = torch.log(self.anchors / (1 - self.anchors))
        self.anchor_logits = logits.masked_fill(~self.valid[:, None], float("inf"))


class DeformableDetr(nn.Module):
    def __init__(self, classes, settings=SETTINGS):
        super().__init__()
        s = self.settings = settings
        width = s["d_model"]
        backbone = ResNet(s["stem"], s["widths"], s["depths"])
        inputs = s["widths"][1:]
        projections = [self.projection(i, width, 1) for i in inputs]
        projections.append(self.projection(inputs[-1], width, 3))
        decoder = Holder(
            layers=nn.ModuleList([DecoderLayer(s) for _ in range(s["decoder_layers"])]),
            class_embed=nn.ModuleList([nn.Linear(width, classes) for _ in range(s["decoder_layers"] + 1)]),
            bbox_embed=nn.ModuleList([BoxHead(width) for _ in range(s["decoder_layers"] + 1)]),
        )
        self.model = Holder(
            backbone=Holder(conv_encoder=Holder(model=backbone)),
            input_proj=nn.ModuleList(projections),
            encoder=Holder(layers=nn.ModuleList([EncoderLayer(s) for _ in range(s["encoder_layers"])])),
            decoder=decoder,
            enc_output=nn.Linear(width, width),
            enc_output_norm=nn.LayerNorm(width),
            pos_trans=nn.Linear(2 * width, 2 * width),
            pos_trans_norm=nn.LayerNorm(2 * width),
        )
        self.model.level_embed = nn.Parameter(torch.randn(s["levels"], width))
        for name, module in self.named_modules():
            if isinstance(module, nn.Linear) and not name.endswith(
                ("sampling_offsets", "attention_weights", "layers.2")
            ):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        for head in decoder.class_embed:
            nn.init.constant_(head.bias, -math.log(99))
        self.grids = {}

    @staticmethod
    def projection(inputs, width, kernel):
        convolution = nn.Conv2d(inputs, width, kernel, 2 if kernel == 3 else 1, kernel // 2)
        nn.init.xavier_uniform_(convolution.weight)
        nn.init.zeros_(convolution.bias)
        return nn.Sequential(convolution, nn.GroupNorm(32, width))

    def grid(self, shapes):
        key = tuple(shapes)
        if key not in self.grids:
            self.grids[key] = Grid(shapes, self.settings["d_model"])
        return self.grids[key]

    def forward(self, pictures, noised=None):
        """pictures [B, 3, H, W]; noised: (boxes [B, N, 4], blocked [N, N]) for denoising, or nothing.

        Returns a dictionary: per decoder layer `classes` and `boxes` (queries first, noised boxes behind
        them), and of the encoder `token_logits` [B, S], `token_boxes` [B, S, 4], `chosen` [B, Q], `grid`, `shapes`.
        """
        m, queries = self.model, self.settings["queries"]
        maps = m.backbone.conv_encoder.model(pictures.contiguous(memory_format=torch.channels_last))
        maps = [p(x) for p, x in zip(m.input_proj, maps)] + [m.input_proj[3](maps[-1])]
        shapes = [tuple(x.shape[-2:]) for x in maps]
        grid = self.grid(shapes)
        memory = torch.cat([x.flatten(2).transpose(1, 2) for x in maps], 1)
        positions = torch.cat([p + m.level_embed[i] for i, p in enumerate(grid.positions)])
        references = grid.centres.expand(len(pictures), -1, -1)
        for layer in m.encoder.layers:
            memory = layer(memory, positions, shapes, references)

        tokens = m.enc_output_norm(m.enc_output(memory.masked_fill(~grid.valid[None, :, None], 0)))
        token_logits = m.decoder.class_embed[-1](tokens)[..., 0]
        token_boxes = m.decoder.bbox_embed[-1](tokens) + grid.anchor_logits
        chosen = token_logits.topk(queries, 1)[1]
        boxes = token_boxes.gather(1, chosen[..., None].expand(-1, -1, 4)).detach()
        mask = None
        if noised is not None:
            boxes = torch.cat([boxes, inverse_sigmoid(noised[0])], 1)
            blocked = torch.ones(boxes.shape[1], boxes.shape[1], dtype=torch.bool)
            blocked[:queries, :queries] = False
            blocked[queries:, queries:] = noised[1]
            mask = torch.zeros(blocked.shape).masked_fill(blocked, -1e9)[None, None]
        reference = boxes.sigmoid()
        code = sine_code(reference, self.settings["d_model"] // 2).flatten(2)
        position, x = m.pos_trans_norm(m.pos_trans(code)).split(self.settings["d_model"], 2)
        classes, found = [], []
        for index, layer in enumerate(m.decoder.layers):
            x = layer(x, position, memory, shapes, reference, mask)
            classes.append(m.decoder.class_embed[index](x))
            box = (m.decoder.bbox_embed[index](x) + inverse_sigmoid(reference)).sigmoid()
            found.append(box)
            reference = box.detach()
        return dict(
            classes=classes,
            boxes=found,
            token_logits=token_logits,
            token_boxes=token_boxes.sigmoid(),
            chosen=chosen,
            grid=grid,
            shapes=shapes,
        )
