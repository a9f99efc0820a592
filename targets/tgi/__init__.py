"""The TGI target: Text Generation Inference's `text-generation-launcher`."""
