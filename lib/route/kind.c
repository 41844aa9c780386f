/*
 * kind.c: files of other kinds that are given as routing or service files.
 *
 * A file is of another kind when a key of its root is one of that kind's, and
 * nothing in it looks like the definition of a route: whoever mistypes a key of
 * a definition wants to read about this key.
 */
#include "route/kind.h"

#include <stddef.h>

static const char *const route_keys[] = { "channel", "pattern", "handler",
    "callback", NULL };
static const char *const http_keys[] = { "path", "prefix", "controller",
    "methods", NULL };

/* What a value looks like. */
enum shape {
	TEXT = 1,
	TEXTS = 2,		/* a list of them */
	MAPPING = 4,
	LIST = 8,		/* of anything */
};

/* A key of a kind's root, and the shapes that its value may have. */
struct kind_key {
	const char *name;
	unsigned    shapes;
};

static const struct kind_key service_keys[] = { { "services", MAPPING },
    { "parameters", MAPPING }, { NULL, 0 } };
static const struct kind_key config_keys[] = { { "listen", TEXT | TEXTS },
    { "routes", TEXT | TEXTS }, { "services", TEXT | TEXTS },
    { "handlers", MAPPING }, { "control", MAPPING }, { "limits", MAPPING },
    { "maintenance", MAPPING }, { "tls", MAPPING }, { "log", MAPPING },
    { "compat", TEXT }, { "unroutable", TEXT }, { "on_violation", TEXT },
    { "routing", TEXT }, { "state_dir", TEXT }, { "keepalive", TEXT },
    { "ident", TEXT }, { NULL, 0 } };
static const struct kind_key security_keys[] = { { "security", MAPPING },
    { NULL, 0 } };
static const struct kind_key package_keys[] = { { "require", MAPPING },
    { "require-dev", MAPPING }, { "autoload", MAPPING },
    { "dependencies", MAPPING }, { "devDependencies", MAPPING }, { NULL, 0 } };
static const struct kind_key bundle_keys[] = { { "framework", MAPPING },
    { "doctrine", MAPPING }, { "twig", MAPPING }, { "monolog", MAPPING },
    { "gos_web_socket", MAPPING }, { "gos_pubsub_router", MAPPING },
    { "imports", LIST }, { NULL, 0 } };

/* In this order: wampd.yml may have services, too. */
static const struct kind {
	const struct kind_key *keys;
	const char	      *what;
	const char	      *remedy;
} kinds[] = {
	{ config_keys, "a configuration of wampd",
	  "give it to option -c" },
	{ service_keys, "a service file",
	  "name it under \"services:\" of wampd.yml" },
	{ security_keys, "a configuration of Symfony's security",
	  "name the file that has the channels" },
	{ package_keys, "a description of a package",
	  "name the file that has the channels" },
	{ bundle_keys, "a configuration of Symfony's bundles",
	  "name the routing files themselves" },
};

#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))

static bool
is_among(struct slice word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (slice_eq(word, slice_str(*words)))
			return true;
	return false;
}

static bool
has_key_among(const struct yaml_node *n, const char *const *keys)
{
	size_t i;

	if (n->kind == YAML_MAPPING)
		for (i = 0; i < n->n; i++)
			if (is_among(n->items[i]->text, keys))
				return true;
	return false;
}

/* Whether some value of the root looks like a route. */
static bool
has_route(const struct yaml_node *root)
{
	size_t i;

	for (i = 0; i < root->n; i++)
		if (has_key_among(root->values[i], route_keys))
			return true;
	return false;
}

static unsigned
shape_of(const struct yaml_node *n)
{
	size_t i;

	if (n->kind != YAML_LIST)
		return n->kind == YAML_MAPPING ? MAPPING :
		    n->kind == YAML_SCALAR ? TEXT : 0;
	for (i = 0; i < n->n && n->items[i]->kind == YAML_SCALAR; i++)
		;
	return i == n->n ? LIST | TEXTS : LIST;
}

/* The first key of the root that is one of the kind's, or NULL. */
static const struct yaml_node *
find_key(const struct yaml_node *root, const struct kind *kind)
{
	const struct kind_key *k;
	size_t i;

	for (i = 0; i < root->n; i++)
		for (k = kind->keys; k->name != NULL; k++)
			if (slice_eq(root->items[i]->text,
			    slice_str(k->name)) &&
			    (shape_of(root->values[i]) & k->shapes) != 0)
				return root->items[i];
	return NULL;
}

static void
report(const struct source *s, const struct yaml_node *at, const char *what,
    const char *wanted, const char *remedy)
{
	source_report(s, DIAG_ERROR, at, "other-file", "this looks like %s, "
	    "not like %s: %s", what, wanted, remedy);
}

/* Symfony's routes have paths, or are imported below one. */
static bool
is_http(const struct source *s, const struct yaml_node *root)
{
	const struct yaml_node *n;
	size_t i, k;

	for (i = 0; i < root->n; i++) {
		n = root->values[i];
		for (k = 0; n->kind == YAML_MAPPING && k < n->n; k++) {
			if (!is_among(n->items[k]->text, http_keys))
				continue;
			report(s, n->items[k], "routes of HTTP", "a routing "
			    "file", "name the file whose routes have "
			    "channels");
			return true;
		}
	}
	return false;
}

bool
kind_not_routes(const struct source *s, const struct yaml_node *root)
{
	const struct yaml_node *key;
	size_t i;

	if (root->kind != YAML_MAPPING || has_route(root))
		return false;
	for (i = 0; i < KINDS; i++) {
		if ((key = find_key(root, &kinds[i])) == NULL)
			continue;
		report(s, key, kinds[i].what, "a routing file",
		    kinds[i].remedy);
		return true;
	}
	return is_http(s, root);
}

bool
kind_not_services(const struct source *s, const struct yaml_node *root)
{
	const struct yaml_node *key, *services;

	if (root->kind != YAML_MAPPING)
		return false;
	services = yaml_get(root, "services");
	if (services != NULL && services->kind == YAML_MAPPING)
		return false;
	if (services == NULL && has_route(root)) {
		report(s, root->items[0], "a routing file", "a service file",
		    "name it under \"routes:\" of wampd.yml");
		return true;
	}
	/* One key may be anything's. */
	if (root->n < 2 || (key = find_key(root, &kinds[0])) == NULL)
		return false;
	report(s, key, kinds[0].what, "a service file", kinds[0].remedy);
	return true;
}
