// Package chart draws measured figures as SVG, for people to look at. It knows
// nothing of what the figures mean.
package chart

import (
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"

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
		p.Title.Text = panels[i].Title
		if i == len(panels)-1 {
			p.X.Label.Text = x
		}
		p.Legend.Top, p.Legend.TextStyle.Font.Size = true, font.Points(8)
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
		if panels[i].Log {
			p.Y.Max *= 4 // room for the legend
		} else {
			p.Y.Max *= 1.3
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
		p.Legend.TextStyle.Font.Size = font.Points(8)
		p.Y.Tick.Marker = powers("%g")
		wide := vg.Points(300 / float64(len(labels)*len(groups)+len(labels)))
		for n, g := range groups {
			bars, err := plotter.NewBarChart(logs(g.Values), wide)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", file, g.Name, err)
			}
			bars.Color, bars.LineStyle.Width = colours[n%len(colours)], 0
			bars.Offset = wide * vg.Length(float64(n)-float64(len(groups)-1)/2)
			p.Add(bars)
			p.Legend.Add(g.Name, bars)
		}
		p.Y.Min, p.Y.Max = 0, p.Y.Max*1.4 // room for the legend
		p.NominalX(labels...)
		p.X.Tick.Label.Font.Size = font.Points(8)
		p.Draw(c)
		return nil
	})
}

// logs are decimal logarithms. Bars are drawn of these on a plain scale: gonum's
// own logarithmic scale has no place for a bar's foot.
func logs(values []float64) (out plotter.Values) {
	for _, v := range values {
		out = append(out, math.Log10(max(v, 1e-9)))
	}
	return out
}

// powers marks the powers of ten on a scale of logarithms.
func powers(format string) plot.Ticker {
	return plot.TickerFunc(func(low, high float64) (ticks []plot.Tick) {
		for e := math.Ceil(low); e <= high; e++ {
			ticks = append(ticks, plot.Tick{Value: e, Label: fmt.Sprintf(format, math.Pow(10, e))})
		}
		return ticks
	})
}

// write draws so many panels below each other.
func write(file string, panels int, drawOn func(c draw.Canvas, i int) error) error {
	return save(file, width, height*vg.Length(panels), func(c draw.Canvas) error {
		tiles := draw.Tiles{Rows: panels, Cols: 1, PadY: vg.Millimeter * 2}
		for i := range panels {
			if err := drawOn(tiles.At(c, 0, i), i); err != nil {
				return err
			}
		}
		return nil
	})
}

func save(file string, w, h vg.Length, drawOn func(draw.Canvas) error) error {
	canvas := vgsvg.New(w, h)
	if err := drawOn(draw.New(canvas)); err != nil {
		return err
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

// Ratios writes one bar for each label, from 1 to the ratio, on a logarithmic
// scale: to the right if it is over 1.
func Ratios(file, title string, labels []string, ratios []float64) error {
	p := plot.New()
	p.Title.Text = title
	labels, ratios = slices.Clone(labels), slices.Clone(ratios)
	slices.Reverse(labels) // the first is drawn at the top
	slices.Reverse(ratios)
	bars, err := plotter.NewBarChart(logs(ratios), vg.Points(7))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	bars.Horizontal, bars.Color, bars.LineStyle.Width = true, colours[0], 0
	p.Add(bars)
	p.NominalY(labels...)
	p.Y.Tick.Label.Font.Size = font.Points(7)
	p.X.Tick.Marker = powers("%gx")
	tall := vg.Length(len(labels))*vg.Points(11) + 2*vg.Centimeter
	return save(file, width, tall, func(c draw.Canvas) error {
		p.Draw(c)
		return nil
	})
}
