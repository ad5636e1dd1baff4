"""What peers do on the same decoder and pairs, in PyTorch: curves out, and the time each took.

python3 peers.py FOLDER NETWORK_PAIRS METHOD...: reads layers.json, weights and pairs as .npy from FOLDER,
writes NAME.npy with curves [pairs, points, d] and peers.json with seconds. OMP_NUM_THREADS is taken at its
word: left alone, this PyTorch may see one core where there are two.

- spline: cubic splines of 5 nodes, Adam 0.1, 150 steps on the energy of 20 points, all pairs in one
  batch (the default of stochman, Detlefsen et al. 2021).
- network: the paper's curve network, 2 x 150 tanh, pre-trained on a Bezier curve, Adam 1e-2, 500 points,
  500 iterations, pair by pair.
- georce: the optimal-control iteration of Rygaard and Hauberg (2025) on G = J^T J with 100 segments, all
  pairs in one batch, step lengths by halving.
"""
import json
import os
import sys
import time

import numpy as np
import torch

folder, network_pairs = sys.argv[1], int(sys.argv[2])
methods = sys.argv[3:]
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count())))
torch.manual_seed(1)
layers = json.load(open(f"{folder}/layers.json"))
weights = [torch.tensor(np.load(f"{folder}/{name}.npy")) for name in layers["weights"]]
biases = [torch.tensor(np.load(f"{folder}/{name}.npy")) for name in layers["biases"]]
pairs = torch.tensor(np.load(f"{folder}/pairs.npy")).float()
d = pairs.shape[1] // 2
starts, ends = pairs[:, :d], pairs[:, d:]
last = {"Softplus": torch.nn.functional.softplus, "Sigmoid": torch.sigmoid, "": lambda x: x}[layers["mean"]]


def decode(z):
    h = z
    for W, b in zip(weights[:-1], biases[:-1]):
        h = torch.tanh(h @ W + b)
    return last(h @ weights[-1] + biases[-1])


def decode_with_tangents(z):
    """f(z) [n, D] and J [n, d, D], forwards."""
    h, J = z, torch.eye(d).expand(z.shape[0], d, d)
    for W, b in zip(weights[:-1], biases[:-1]):
        h = torch.tanh(h @ W + b)
        J = (J @ W) * (1 - h * h)[:, None, :]
    a = h @ weights[-1] + biases[-1]
    return last(a), (J @ weights[-1]) * slope_of_last(a)[:, None, :]


def slope_of_last(a):
    if layers["mean"] == "Softplus":
        return torch.sigmoid(a)
    return torch.sigmoid(a) * torch.sigmoid(-a) if layers["mean"] == "Sigmoid" else torch.ones_like(a)


def line(t):
    return starts[:, None] + t[None, :, None] * (ends - starts)[:, None]


def spline_basis(t, pieces=4):
    """C2 cubic splines on uniform pieces that vanish at both ends, [len(t), pieces + 1]."""
    knots = np.concatenate([[0] * 3, np.arange(pieces + 1), [pieces] * 3]) / pieces
    def b(i, k, x):
        if k == 0:
            right = (x == 1) & (knots[i + 1] == 1) & (knots[i] < 1)
            return ((knots[i] <= x) & (x < knots[i + 1]) | right).astype(float)
        total = 0
        if knots[i + k] > knots[i]:
            total = total + (x - knots[i]) / (knots[i + k] - knots[i]) * b(i, k - 1, x)
        if knots[i + k + 1] > knots[i + 1]:
            total = total + (knots[i + k + 1] - x) / (knots[i + k + 1] - knots[i + 1]) * b(i + 1, k - 1, x)
        return total
    x = t.numpy().astype(float)
    return torch.tensor(np.stack([b(i, 3, x) for i in range(1, pieces + 2)], 1)).float()


def spline():
    t = torch.linspace(0, 1, 20)
    basis, straight = spline_basis(t), line(t)
    parameters = torch.zeros(len(pairs), basis.shape[1], d, requires_grad=True)
    optimiser = torch.optim.Adam([parameters], lr=0.1)
    for _ in range(150):
        optimiser.zero_grad()
        curve = straight + basis @ parameters
        x = decode(curve.reshape(-1, d)).reshape(len(pairs), 20, -1)
        ((x[:, 1:] - x[:, :-1]) ** 2).sum().backward()
        optimiser.step()
    fine = torch.linspace(0, 1, 401)
    return (line(fine) + spline_basis(fine) @ parameters).detach()


def georce(segments=100, most=60):
    z = line(torch.linspace(0, 1, segments + 1)).clone()
    n = len(pairs)

    def energy(z):
        u = (z[:, 1:] - z[:, :-1]).reshape(-1, d)
        h, v = z[:, :-1].reshape(-1, d), u
        for W, b in zip(weights[:-1], biases[:-1]):
            h = torch.tanh(h @ W + b)
            v = (v @ W) * (1 - h * h)
        a = h @ weights[-1] + biases[-1]
        v = (v @ weights[-1]) * slope_of_last(a)
        return (v * v).sum(1).reshape(len(z), segments).sum(1)

    with torch.no_grad():
        now = energy(z)
    for _ in range(most):
        z = z.detach().requires_grad_(True)
        u = (z[:, 1:] - z[:, :-1]).detach()
        _, J = decode_with_tangents(z[:, :-1].reshape(-1, d))
        G = J @ J.transpose(1, 2)
        flat = u.reshape(-1, 1, d)
        (nu,) = torch.autograd.grad((flat @ G @ flat.transpose(1, 2)).sum(), z)
        with torch.no_grad():
            inverse = torch.linalg.inv(G.detach() + 1e-9 * torch.eye(d)).reshape(n, segments, d, d)
            # Sums of nu over the nodes that follow.
            after = nu[:, 1:-1].flip(1).cumsum(1).flip(1)
            after = torch.cat([after, torch.zeros(n, 1, d)], 1)
            total = (inverse @ after[..., None]).sum(1)
            mu = torch.linalg.solve(inverse.sum(1), 2 * (starts - ends)[..., None] - total)
            step = -0.5 * (inverse @ (mu[:, None] + after[..., None]))[..., 0]
            length, best = torch.ones(n), z.detach()
            open_ = torch.ones(n, dtype=torch.bool)
            gain = torch.zeros(n)
            for _ in range(8):
                mixed = length[:, None, None] * step + (1 - length[:, None, None]) * u
                trial = torch.cat([starts[:, None], starts[:, None] + mixed.cumsum(1)], 1)
                trial[:, -1] = ends
                value = now.clone()
                value[open_] = energy(trial[open_])
                good = open_ & (value < now)
                best = torch.where(good[:, None, None], trial, best)
                gain = torch.where(good, (now - value) / now, gain)
                now = torch.where(good, value, now)
                open_ = open_ & ~good
                if not open_.any():
                    break
                length = torch.where(open_, length / 2, length)
            moved = (best - z).abs().max()
            z = best
            if moved < 1e-6 or gain.max() < 1e-7:
                break
    return z.detach()


def network(count):
    t = (torch.arange(500) + 0.5)[:, None] / 500
    fine = torch.linspace(0, 1, 401)[:, None]
    curves = []
    for a, b in zip(starts[:count], ends[:count]):
        net = torch.nn.Sequential(
            torch.nn.Linear(1, 150), torch.nn.Tanh(), torch.nn.Linear(150, 150), torch.nn.Tanh(), torch.nn.Linear(150, d)
        )
        with torch.no_grad():
            side = torch.stack([-(b - a)[1], (b - a)[0]]) if d == 2 else torch.randn(d)
            middle = (a + b) / 2 + (torch.rand(1) - 0.5) * side / 2
            target = (1 - t) ** 2 * a + 2 * t * (1 - t) * middle + t * t * b

        def curve(t):
            y0, y1, y = net(torch.zeros(1, 1)), net(torch.ones(1, 1)), net(t)
            return y + (1 - t) * (a - y0) + t * (b - y1)

        for steps, loss in ((100, None), (500, "length")):
            optimiser = torch.optim.Adam(net.parameters(), lr=1e-2)
            best, kept = float("inf"), None
            for _ in range(steps):
                optimiser.zero_grad()
                z = curve(t)
                if loss is None:
                    value = ((z - target) ** 2).mean()
                else:
                    v = torch.autograd.functional.jvp(curve, t, torch.ones_like(t), create_graph=True)[1]
                    _, J = decode_with_tangents(z)
                    value = torch.sqrt(((v[:, None] @ J)[:, 0] ** 2).sum(1) + 1e-12).mean()
                    if value.item() < best:
                        best, kept = value.item(), curve(fine).detach()
                value.backward()
                optimiser.step()
        curves.append(kept)
    return torch.stack(curves)


seconds = {}
known = {"spline": spline, "georce": georce, "network": lambda: network(network_pairs)}
for name in methods:
    run = known[name]
    begun = time.perf_counter()
    curves = run()
    seconds[name] = time.perf_counter() - begun
    np.save(f"{folder}/{name}.npy", curves.numpy().astype(np.float64))
json.dump({"torch": torch.__version__, "seconds": seconds}, open(f"{folder}/peers.json", "w"))
