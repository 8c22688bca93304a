"""Every constraint and every trigger is seen to refuse a wrong row; what is not tried here is reported as missing."""
