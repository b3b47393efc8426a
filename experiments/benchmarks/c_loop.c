/* A hand-written loop over the same events as the reference chain, as a floor for the engine: six organisations, fifty
   arrivals a week, 260 weeks, 2.9 visits a case. Philox4x32-10 for every case and visit, linked lists by week of
   arrival in the cases' own order, hours until they are used up, quality, own course, hand-over with what is lost at it,
   return, the first fault and the ledger, trust once a week. No other outcomes, no people, no policies: what cannot be
   left out of following cases one by one.   cc -O2 c_loop.c -o c_loop -lm && ./c_loop 200 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ORGS = 6, WEEKS = 260, SLOTS = 4096 };
typedef struct {
  double remaining, effort, luck_handover, luck_check;
  int64_t next, number, arrival, organisation, step, visit;
  int16_t order, fault_week, fault_at, late_at;
  int8_t hard, urgent, defect, rework, own_course, fault;
} Case;

static uint32_t word[4];
static void philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1) {
  for (int r = 0; r < 10; r++) {
    uint64_t p0 = (uint64_t)0xD2511F53 * c0, p1 = (uint64_t)0xCD9E8D57 * c2;
    uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c0 = n0, c1 = (uint32_t)p1, c2 = n2, c3 = (uint32_t)p0;
    k0 += 0x9E3779B9, k1 += 0xBB67AE85;
  }
  word[0] = c0, word[1] = c1, word[2] = c2, word[3] = c3;
}
static double unit(int i) { return (word[i] + 0.5) / 4294967296.0; }

static Case cases[SLOTS];
static int64_t first[ORGS][2][WEEKS], ledger[WEEKS][7], blamed[ORGS][4], oldest[ORGS][2], inbox[ORGS], inbox_last[ORGS], free_slot;

static void join(int org, int64_t slot) {
  Case *c = &cases[slot];
  int layer = !c->urgent;
  int64_t before = -1, after = first[org][layer][c->arrival];
  while (after >= 0 && cases[after].order <= c->order) before = after, after = cases[after].next;
  c->next = after;
  if (before < 0) first[org][layer][c->arrival] = slot;
  else cases[before].next = slot;
  if (c->arrival < oldest[org][layer]) oldest[org][layer] = c->arrival;
}
static void fault(Case *c, int kind, int org, int week) {
  if (!c->fault) c->fault = kind, c->fault_week = week, c->fault_at = org;
}
static void lose(Case *c) {
  int reason = 2;
  if (c->fault && c->fault_week <= c->arrival + 13) reason = 2 + c->fault, blamed[c->fault_at][c->fault]++;
  else if (c->late_at >= 0) blamed[c->late_at][0]++;
  ledger[c->arrival][reason]++;
}
static void to_inbox(int org, int64_t slot) {
  cases[slot].next = -1;
  if (inbox[org] < 0) inbox[org] = slot;
  else cases[inbox_last[org]].next = slot;
  inbox_last[org] = slot;
}

int main(int argc, char **argv) {
  int runs = argc > 1 ? atoi(argv[1]) : 100;
  double hours[ORGS] = {560, 560, 560, 560, 560, 560}, goal = 0;
  long visits = 0;
  struct timespec a, b;
  clock_gettime(CLOCK_MONOTONIC, &a);
  for (int run = 0; run < runs; run++) {
    memset(first, -1, sizeof first), memset(inbox, -1, sizeof inbox), memset(ledger, 0, sizeof ledger);
    for (int i = 0; i < SLOTS; i++) cases[i].next = i + 1;
    for (int o = 0; o < ORGS; o++) oldest[o][0] = oldest[o][1] = WEEKS;
    free_slot = 0;
    double trust = 0.5;
    for (int week = 0; week < WEEKS; week++) {
      long kept = 0, broken = 0;
      philox(week, 0, run, 1, 1, 0);
      double u = unit(0), p = exp(-50.0), sum = p;
      int n = 0;
      while (u > sum && n < 2000) p = p * 50.0 / ++n, sum += p;
      for (int i = 0; i < n; i++) {
        int64_t slot = free_slot;
        Case *c = &cases[slot];
        free_slot = c->next;
        c->number = week * 65536L + i, c->arrival = week, c->step = c->visit = c->rework = c->defect = 0, c->organisation = 0;
        c->own_course = c->fault = 0, c->late_at = -1;
        philox(0, (uint32_t)c->number, run, 2, 1, 0);
        c->hard = unit(0) < 0.35, c->urgent = unit(1) < 0.1, c->order = word[0] & 0x7FFF;
        ledger[week][0]++;
        c->remaining = c->effort = 10.0 * (0.4 - 0.6 * log(1.0 - unit(3)));
        to_inbox((int)(unit(2) * 3), slot);
      }
      for (int o = 0; o < ORGS; o++) {
        for (int64_t slot = inbox[o], next; slot >= 0; slot = next) next = cases[slot].next, join(o, slot);
        inbox[o] = -1;
      }
      for (int o = 0; o < ORGS; o++) {
        double left = hours[o];
        while (left > 0) {
          int64_t slot = -1;
          for (int layer = 0; layer < 2 && slot < 0; layer++) {
            while (oldest[o][layer] <= week && first[o][layer][oldest[o][layer]] < 0) oldest[o][layer]++;
            if (oldest[o][layer] <= week) slot = first[o][layer][oldest[o][layer]];
          }
          if (slot < 0) break;
          Case *c = &cases[slot];
          double used = left < c->remaining ? left : c->remaining;
          c->remaining -= used, left -= used;
          if (c->remaining > 0) break;
          first[o][!c->urgent][c->arrival] = c->next;
          visits++;
          philox((uint32_t)c->visit, (uint32_t)c->number, run, 4, 1, 0);
          if (unit(0) > (c->hard ? 0.75 : 0.95) && !c->defect) c->defect = 1, fault(c, 1, o, week);
          if (unit(1) < 0.04) c->own_course = 1, fault(c, 3, o, week);
          c->luck_handover = unit(2), c->luck_check = unit(3);
          philox((uint32_t)c->step, (uint32_t)c->number, run, 3, 1, 0);
          if (unit(0) > 0.62 || c->step > 8) {
            if (c->late_at < 0 && week - c->arrival > 13) c->late_at = o;
            if (week - c->arrival <= 13 && !c->defect && !c->own_course) goal += 1, ledger[c->arrival][1]++;
            else lose(c);
            c->next = free_slot, free_slot = slot;
            continue;
          }
          if (c->luck_handover < 0.1 || (c->defect && c->luck_check < 0.3 * (1 - trust))) {
            broken++, c->visit++, c->rework = 1, c->remaining = 0.4 * c->effort;
            to_inbox(o, slot);
          } else {
            if (c->luck_handover < 0.1 + 0.9 * (c->hard ? 0.08 : 0.03) && !c->defect) c->defect = 2, fault(c, 2, o, week);
            if (c->late_at < 0 && week - c->arrival > 13) c->late_at = o;
            kept++, c->visit++, c->step++, c->rework = 0, c->remaining = c->effort;
            to_inbox((o + 1 + (int)(unit(1) * 3)) % ORGS, slot);
          }
        }
      }
      for (int o = 0; o < ORGS; o++) {
        for (int64_t slot = inbox[o], next; slot >= 0; slot = next) next = cases[slot].next, join(o, slot);
        inbox[o] = -1;
      }
      double share = kept + broken ? (double)kept / (kept + broken) : 0;
      trust += 0.02 * share * (1 - trust) - 0.06 * (1 - share) * trust;
    }
  }
  clock_gettime(CLOCK_MONOTONIC, &b);
  double seconds = (b.tv_sec - a.tv_sec) + (b.tv_nsec - a.tv_nsec) / 1e9;
  printf("%.6f %ld %.3f\n", seconds / runs, visits / runs, goal / runs);
  return 0;
}
