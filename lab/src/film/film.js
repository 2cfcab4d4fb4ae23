// The player: shows step by step what the page already holds.
