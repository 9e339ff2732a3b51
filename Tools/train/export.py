"""Writes a detector as transformers lays it out: config.json, preprocessor_config.json, model.safetensors (float16)."""

import json
import os

import torch
from safetensors.torch import save_file


def write_checkpoint(model, classes, height, width, folder):
    s = model.settings
    os.makedirs(folder, exist_ok=True)
    tensors = {
        name: tensor.detach().to(torch.float16).contiguous()
        for name, tensor in model.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    save_file(tensors, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
    backbone = dict(
        model_type="resnet",
        layer_type="basic",
        num_channels=3,
        embedding_size=s["stem"],
        hidden_sizes=s["widths"],
        depths=s["depths"],
        hidden_act="relu",
        downsample_in_first_stage=False,
        downsample_in_bottleneck=False,
        out_features=["stage2", "stage3", "stage4"],
    )
    config = dict(
        architectures=["DeformableDetrForObjectDetection"],
        model_type="deformable_detr",
        dtype="float16",
        use_timm_backbone=False,
        backbone_config=backbone,
        d_model=s["d_model"],
        encoder_layers=s["encoder_layers"],
        decoder_layers=s["decoder_layers"],
        encoder_ffn_dim=s["ffn"],
        decoder_ffn_dim=s["ffn"],
        encoder_attention_heads=s["heads"],
        decoder_attention_heads=s["heads"],
        encoder_n_points=s["points"],
        decoder_n_points=s["points"],
        num_feature_levels=s["levels"],
        num_queries=s["queries"],
        two_stage=True,
        two_stage_num_proposals=s["queries"],
        with_box_refine=True,
        activation_function="relu",
        position_embedding_type="sine",
        id2label={str(i): name for i, name in enumerate(classes)},
        label2id={name: i for i, name in enumerate(classes)},
    )
    preprocessing = dict(
        image_processor_type="DeformableDetrImageProcessor",
        format="coco_detection",
        do_resize=True,
        size=dict(height=height, width=width),
        resample=2,
        do_rescale=True,
        rescale_factor=1 / 255,
        do_normalize=True,
        image_mean=[0.485, 0.456, 0.406],
        image_std=[0.229, 0.224, 0.225],
        do_pad=False,
    )
    for name, content in (("config.json", config), ("preprocessor_config.json", preprocessing)):
        with open(os.path.join(folder, name), "w") as file:
            json.dump(content, file, indent=2)
            file.write("\n")
