// Package chart draws measured figures as SVG, for people to look at. It knows
// nothing of what the figures mean.
package chart

import (
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Line is a figure over time, or over whatever X is.
type Line struct {
	Name string
	X, Y []float64
}

// Panel is one diagram: lines with one scale.
type Panel struct {
	Title string // with the unit
	Lines []Line
	Log   bool // the scale of Y
}

// colours are told apart by people who see no red or green too (Okabe and Ito's).
var colours = []color.Color{
	color.RGBA{0, 114, 178, 255},
	color.RGBA{230, 159, 0, 255},
	color.RGBA{0, 158, 115, 255},
	color.RGBA{204, 121, 167, 255},
	color.RGBA{86, 180, 233, 255},
	color.RGBA{213, 94, 0, 255},
}

const (
	width  = 16 * vg.Centimeter
	height = 6 * vg.Centimeter
)

// Lines writes panels below each other into an SVG file; x names what they share.
func Lines(file, x string, panels ...Panel) error {
	return write(file, len(panels), func(c draw.Canvas, i int) error {
		p := plot.New()
		p.Title.Text, p.X.Label.Text = panels[i].Title, x
		p.Legend.Top = true
		if panels[i].Log {
			p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
		} else {
			p.Y.Min = 0
		}
		for n, line := range panels[i].Lines {
			l, err := plotter.NewLine(points(line, panels[i].Log))
			if err != nil {
				return fmt.Errorf("%s: %s: %w", file, line.Name, err)
			}
			l.Color, l.Width = colours[n%len(colours)], vg.Points(1.2)
			p.Add(l)
			if len(panels[i].Lines) > 1 {
				p.Legend.Add(line.Name, l)
			}
		}
		p.Draw(c)
		return nil
	})
}

// points are those of a line that can be drawn.
func points(l Line, log bool) (out plotter.XYs) {
	for i, y := range l.Y {
		if !math.IsNaN(y) && !math.IsInf(y, 0) && !(log && y <= 0) {
			out = append(out, plotter.XY{X: l.X[i], Y: y})
		}
	}
	return out
}

// Group is the bars of one kind, one for each label.
type Group struct {
	Name   string
	Values []float64
}

// Bars writes groups of bars, with a logarithmic scale, into an SVG file.
func Bars(file, title string, labels []string, groups ...Group) error {
	return write(file, 1, func(c draw.Canvas, _ int) error {
		p := plot.New()
		p.Title.Text = title
		p.Legend.Top = true
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
		low, high := math.Inf(1), 0.0
		wide := vg.Points(300 / float64(len(labels)*len(groups)+len(labels)))
		for n, g := range groups {
			bars, err := plotter.NewBarChart(plotter.Values(g.Values), wide)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", file, g.Name, err)
			}
			bars.Color, bars.LineStyle.Width = colours[n%len(colours)], 0
			bars.Offset = wide * vg.Length(float64(n)-float64(len(groups)-1)/2)
			p.Add(bars)
			p.Legend.Add(g.Name, bars)
			for _, v := range g.Values {
				low, high = min(low, v), max(high, v)
			}
		}
		p.Y.Min, p.Y.Max = low/3, high*10
		p.NominalX(labels...)
		p.X.Tick.Label.Font.Size = font.Points(8)
		p.Draw(c)
		return nil
	})
}

func write(file string, panels int, drawOn func(c draw.Canvas, i int) error) error {
	canvas := vgsvg.New(width, height*vg.Length(panels))
	tiles := draw.Tiles{Rows: panels, Cols: 1, PadY: vg.Millimeter * 2}
	for i := range panels {
		if err := drawOn(tiles.At(draw.New(canvas), 0, i), i); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := canvas.WriteTo(f); err != nil {
		return err
	}
	return f.Close()
}
