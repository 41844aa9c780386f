/*
 * jq_serve.h: the process that runs jq programs for another one.
 *
 * It is a copy of whatever program links this file, started by jq_worker.c
 * under the name below with a socket and a shared page.  It recognises that
 * before main() runs, so that no program has to know.
 */
#pragma once

#define JQ_SERVE_NAME	"wamp-jq-worker"	/* argv[0], and all there is */
#define JQ_SERVE_SOCKET	3
#define JQ_SERVE_PAGE	4

/* argv[0].  Whoever starts a worker names it by this variable, and so links
 * the worker as well. */
extern const char jq_serve_name[];
