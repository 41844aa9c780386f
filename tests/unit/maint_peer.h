/*
 * maint_peer.h: a peer that turns maintenance on and off, on a broker whose
 * clock is ours.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "fake.h"

#define TOPIC		"oro/maintenance"
#define HOUR		INT64_C(3600000)
#define ON_UNTIL	"[8,\"" TOPIC "\",{\"isOn\":true,\"userId\":7," \
	"\"message\":\"brb\",\"until\":\"2025-11-30T12:00:00.000Z\"}]\n"
#define OFF		"[8,\"" TOPIC "\",{\"isOn\":false,\"userId\":7}]\n"
#define OFF_NULL	"[8,\"" TOPIC "\",{\"isOn\":false,\"userId\":null}]\n"

/* Let the broker's wall clock go with its own, from 2025-11-30T11:00:00Z. */
void	time_by(struct broker *b);
/* As if someone had set the machine's clock forward by so many ms more; end()
 * sets it back. */
void	time_forward(int64_t ms);

/* A peer of this broker that listens. */
struct fake_peer *listen_to(struct broker *b);

/* A broker, and a peer that listens. */
struct fake_peer *begin(const char *state_dir, const char *lock);
void	end(struct fake_peer *p);

/* What the peer hears when that time has passed. */
const char *after(struct fake_peer *p, int64_t ms);

/* Ask for it, and hear the answer and what is published before it. */
const char *set(struct fake_peer *p, const char *args);

/* Whether that is part of it; if not, what it is instead is shown. */
bool	heard(const char *got, const char *part);
bool	state_has(struct fake_peer *p, const char *part);
