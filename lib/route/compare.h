/*
 * compare.h: what differs between two tables of routes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct routes;

/* Whether two routes match the same topics with the same attributes, and have
 * the same handler. */
bool	routes_same(const struct routes *a, size_t i, const struct routes *b,
	    size_t j);
