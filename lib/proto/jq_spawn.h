/*
 * jq_spawn.h: how the process of a jq worker is started.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Move a descriptor to a number that the worker does not use.  Takes fd; -1
 * with errno. */
int	jq_spawn_away(int fd);

/* Become it, bare, in a process of its own with one thread.  Returns if that is
 * not possible. */
void	jq_spawn_become(int socket, int page);

/* Start it with these two descriptors. bare: without anything else of ours.  0,
 * or an errno. */
int	jq_spawn(pid_t *pid, int socket, int page, bool bare);
