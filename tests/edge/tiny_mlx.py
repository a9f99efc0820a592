"""Writes a folder with a tiny Llama that mlx_lm serves: `python tiny_mlx.py FOLDER`.

Runs in an environment with mlx-lm. Its answers are lower-case letters, as of the tiny GGUF file.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

HIDDEN, LAYERS, HEADS, VOCAB = 128, 2, 2, 300
SPECIAL = ("<|bos|>", "<|eos|>", "<|im_start|>", "<|im_end|>")
TEMPLATE = (
    "{% for m in messages %}"
    "{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def main() -> int:
    """Write config, tokenizer and weights."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    vocab = _tokenizer(folder)
    config = {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "hidden_size": HIDDEN,
        "num_hidden_layers": LAYERS,
        "intermediate_size": 2 * HIDDEN,
        "num_attention_heads": HEADS,
        "num_key_value_heads": HEADS,
        "rms_norm_eps": 1e-5,
        "vocab_size": VOCAB,
        "rope_theta": 10000.0,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": False,
        "bos_token_id": vocab["<|bos|>"],
        "eos_token_id": vocab["<|im_end|>"],
        "torch_dtype": "float32",
    }
    (folder / "config.json").write_text(json.dumps(config))
    _weights(folder, config, vocab)
    return 0


def _tokenizer(folder: Path) -> dict[str, int]:
    tokenizers: Any = importlib.import_module("tokenizers")
    level = tokenizers.pre_tokenizers.ByteLevel
    letters = sorted(level.alphabet())
    filler = [f"<f{at}>" for at in range(VOCAB - len(letters) - len(SPECIAL))]
    vocab = {token: at for at, token in enumerate((*letters, *filler, *SPECIAL))}
    made = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocab, merges=[]))
    made.pre_tokenizer = level(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    made.add_special_tokens([tokenizers.AddedToken(token, special=True) for token in SPECIAL])
    made.save(str(folder / "tokenizer.json"))
    told = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": SPECIAL[0],
        "eos_token": SPECIAL[3],
        "chat_template": TEMPLATE,
        "model_max_length": 2048,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    return vocab


def _weights(folder: Path, config: dict[str, Any], vocab: dict[str, int]) -> None:
    mx: Any = importlib.import_module("mlx.core")
    flatten = importlib.import_module("mlx.utils").tree_flatten
    llama: Any = importlib.import_module("mlx_lm.models.llama")
    mx.random.seed(1)
    model = llama.Model(llama.ModelArgs.from_dict(config))
    values = {name: v if "norm" in name else v * 0.5 for name, v in flatten(model.parameters())}
    embed = mx.random.normal((VOCAB, HIDDEN)) * 0.3
    output = mx.random.normal((VOCAB, HIDDEN)) * 0.3
    allowed = {at for token, at in vocab.items() if len(token) == 1 and "a" <= token <= "z"}
    embed[:, 0] = 8.0
    output[:, 0] = mx.array([4.0 if at in allowed else -4.0 for at in range(VOCAB)])
    values |= {"model.embed_tokens.weight": embed, "lm_head.weight": output}
    mx.save_safetensors(str(folder / "model.safetensors"), values, metadata={"format": "mlx"})


if __name__ == "__main__":
    sys.exit(main())
