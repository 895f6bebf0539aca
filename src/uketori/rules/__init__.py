"""The rules of the notice (利用案内), pure: frozen facts in, reasons for refusal out."""
