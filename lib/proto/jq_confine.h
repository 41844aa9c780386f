/*
 * jq_confine.h: internals of jq_serve.c: what its process may ask the kernel
 * for.
 */
#pragma once

#include <stdbool.h>

/* Confine it, as far as this machine can, once libjq is loaded.  bare: it opens
 * no files. */
void	jq_confine(bool bare);
