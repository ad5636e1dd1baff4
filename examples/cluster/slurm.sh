#!/bin/sh
# One share of the tiles an array task, then a task that closes the matrix:
#
#     job=$(sbatch --parsable --array=1-16 examples/cluster/slurm.sh model codes.npy d.zarr)
#     sbatch --dependency=afterok:$job --wrap "npx pullback distances model --latents codes.npy --out d.zarr --merge"
#
# The folder of d.zarr must be one that all nodes see.
#SBATCH --cpus-per-task=2
set -eu
npx pullback distances "$1" --latents "$2" --out "$3" \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --workers "${SLURM_CPUS_PER_TASK:-1}"
